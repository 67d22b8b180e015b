import OpsSpec
import OpsSystem
import OpsTestKit
import Testing

@testable import OpsRuntime

@Suite("A person's own application")
struct ApplicationPlanTests {
    private let sample: SampleApplication
    private var application: Application { self.sample.plan.application }

    init() throws { self.sample = try SampleApplication() }

    @Test("programs come from the topology, in the order in which they need each other")
    func programs() throws {
        #expect(
            self.application.programs.map(\.name) == [
                "carrier-a", "carrier-b", "tracker-1", "tracker-2", "sorter", "digest", "desk",
            ]
        )
        let tiers = Dictionary(uniqueKeysWithValues: self.application.programs.map { ($0.name, $0.tier) })
        #expect(try #require(tiers["carrier-a"]) < #require(tiers["tracker-1"]))
        #expect(try #require(tiers["tracker-2"]) < #require(tiers["desk"]))
        #expect(self.application.programs.first { $0.name == "tracker-2" }?.service == "tracker")
    }

    @Test("what has a port is published, and who asks from outside finds it there")
    func ports() throws {
        #expect(self.sample.plan.publishedCount == 5)
        #expect(self.application.url(of: "tracker-1") == "http://127.0.0.1:32001")
        #expect(self.application.url(of: "carrier-a") == nil)
        var record = InstanceRecord(
            instance: .standard,
            runtime: .compose,
            isolation: .containers,
            ports: .standard,
            sockets: "/run/x"
        )
        record.application = self.application
        #expect(record.outside("http://desk:8080") == self.application.url(of: "desk"))
        #expect(record.outside("http://load:8040") == "http://127.0.0.1:8040")
        #expect(record.outside(databasePort: 5_432) == Int(PortPlan.standard[.db]))
        #expect(record.programs(of: .target).first == "depot")
        #expect(record.programs(of: .target).last == "load")
    }

    @Test("the database has the application's roles, and the jobs that may be met as culprits")
    func database() {
        let database = self.application.database
        #expect((database.component, database.name, database.port) == ("depot", "parcels", 5_432))
        #expect((database.owner, database.roles, database.jobs) == ("parcels", ["parcels"], ["digest"]))
        #expect(database.scripts == ["\(self.sample.directory)/schema.sql"])
    }

    @Test("a lab starts the application tier by tier, and nothing of the shop")
    func start() {
        let plan = StartPlan(ports: .standard, without: [], runtime: .compose, application: self.application)
        #expect(plan.tiers[0].map(\.program) == ["carrier-a", "carrier-b"])
        #expect(plan.tiers[0].allSatisfy { $0.readiness == .running })
        #expect(plan.tiers[1].first?.readiness == .http("http://127.0.0.1:32001"))
        let all = plan.tiers.joined().map(\.program)
        #expect(!all.contains("web") && all.contains("load") && all.contains("guard"))
    }

    @Test("what does not make an application is said all at once")
    func problems() throws {
        let directory = try TemporaryDirectory()
        try FileSystem.writeAtomically(Self.compose, to: directory.file("compose.yaml"))
        try FileSystem.writeAtomically(Self.topology, to: directory.file("topology.yaml"))
        let error = #expect(throws: RuntimeError.self) {
            try ApplicationPlan(topology: directory.file("topology.yaml"), compose: directory.file("compose.yaml"))
        }
        #expect(error?.code == .badApplication)
        for words in [
            "config app.env: no service mounts", "component gone: there is no service", "'gate' is the name of a part",
            "'privileged' is not for a lab", "a lab builds nothing", "mount ./var as a whole", "path begins with var/",
            "own nothing", "a socket of the machine",
        ] { #expect(error?.message.contains(words) == true, "\(words) in \(error?.message ?? "nothing")") }
    }

    private static let compose = """
        services:
          gate:
            build: .
            privileged: true
            volumes: ["./var/cache:/cache", "/run/docker.sock:/run/docker.sock:ro"]
          db: {image: postgres}
        """
    private static let topology = """
        topology: 1
        system: broken
        journeys:
          look:
            request: GET /{own}
            good: {status: [200], within: 1s}
            objective: 99%
            traffic: 100%
        components:
          gate: {kind: http, port: 80, needs: [db], config: app.env}
          gone: {kind: worker}
          db: {kind: postgres, database: app}
          store: {kind: directory, path: data, rebuildable: true}
        config:
          app.env: {secrets: {PASSWORD: {is: postgres-password, of: db, role: app}}}
        """
}
