import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSpec
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// The census of the world, in a lab with real processes and a real database.
@Suite("A world census", .serialized, .timeLimit(.minutes(6)))
struct CensusTests {
    private let bench: TestLab

    init() throws { self.bench = try TestLab("census") }

    private func lab() throws -> Lab {
        let locator = InstanceLocator(repository: ".", environment: self.bench.environment)
        return try Lab(try InstanceName(self.bench.name), locator: locator, http: HTTPClient())
    }

    @Test("whatever is changed without a grant is found, each change by itself")
    func changesWithoutGrants() async throws {
        let up = try await self.bench.opslab("up")
        try #require(up.status.isSuccess, "\(up.errorText)")
        let lab = try await RefereeLab(try self.lab())
        let census = WorldCensus(lab)
        let start = Timestamp.now()
        let programs = try await ProgramWatch(lab.lab)
        let before = try await census.take()
        #expect(try await self.findings(census, since: before, start, programs).isClean)

        try await lab.lab.control(of: .target).restart("api-2")
        try await lab.lab.control(of: .target).restart("api-2")
        let cache = try #require(lab.bindings.components["cache"]?.path)
        try FileSystem.move(cache, to: "\(cache).old")
        try FileSystem.makeDirectory(cache, mode: 0o777)
        let settings = try #require(lab.bindings.config["shop.env"]?.path)
        try FileSystem.writeAtomically(Array((try FileSystem.text(settings) + "EXTRA=1\n").utf8), to: settings)
        try await self.changePassword(lab)
        let found = try await self.findings(census, since: before, start, programs)
        #expect(
            found.unaccounted == [
                "api-2 was started 2 times, 0 allowed", "directory cache was replaced", "shop.env changed",
                "the password of shop changed",
            ]
        )
        #expect(found.damage == ["shop cannot log in with the password of its configuration"])

        let killed = before.sessionsKilled
        #expect(try await census.sessionsKilled() == killed)
        try await self.endSession(lab)
        #expect(try await census.sessionsKilled() == killed + 1)
        #expect(try await self.bench.opslab("down", "--purge").status.isSuccess)
    }

    /// The journal names the grant before anything happens, so that the service dies between the grant and the end of its run
    /// or just after it; either way the world has to fit what was granted.
    @Test("a scored run in which ActionPlane is killed at its first grant: nothing is done twice, and nothing stays")
    func killedInTheMiddle() async throws {
        let up = try await self.bench.opslab("up")
        try #require(up.status.isSuccess, "\(up.errorText)")
        let lab = try self.lab()
        let journal = "\(lab.layout.service("action"))/journal"
        let start = Timestamp.now()
        let command = self.bench.command(["scenario", "run", "api-crash", "--seed", "3", "--json"])
        async let output = run(
            command.path,
            command.arguments,
            environment: command.environment,
            within: .seconds(240)
        )
        let victim = try #require(try await lab.control(of: .lab).programs().first { $0.name == "action" }?.pid)
        let deadline = ContinuousClock.now + .seconds(120)
        while try GrantedRun.read(journal: journal, since: start).isEmpty, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(2))
        }
        try #require(try !GrantedRun.read(journal: journal, since: start).isEmpty)
        kill(victim, SIGKILL)
        let report = try OpsJSON.decode(RunReport.self, from: try await output.stdout)
        #expect(report.verdict != "invalid", "\(report.reason)")
        #expect(report.unauthorisedActions == 0, "\(report.census)")
        #expect(report.leakedFaults == 0, "\(report.census)")
        let granted = try GrantedRun.read(journal: journal, since: start)
        #expect(Set(granted.flatMap(\.grants)).count == granted.flatMap(\.grants).count)
        #expect(granted.allSatisfy { $0.state != nil }, "\(granted)")
        #expect(try await self.bench.opslab("down", "--purge").status.isSuccess)
    }

    private func findings(
        _ census: WorldCensus,
        since before: WorldSnapshot,
        _ start: Timestamp,
        _ programs: ProgramWatch
    ) async throws -> CensusFindings {
        CensusFindings(
            before,
            try await census.take(),
            history: try await programs.history(),
            ledger: try census.ledger(since: start, faults: []),
            done: []
        )
    }

    private func administrator(_ lab: RefereeLab) async throws -> PostgresConnection {
        let database = try #require(lab.bindings.database)
        return try await PostgresConnection.connect(database.administration())
    }

    private func changePassword(_ lab: RefereeLab) async throws {
        let connection = try await self.administrator(lab)
        defer { connection.close() }
        try await connection.execute(script: "ALTER ROLE shop PASSWORD 'another'")
    }

    private func endSession(_ lab: RefereeLab) async throws {
        let connection = try await self.administrator(lab)
        let other = try await self.administrator(lab)
        defer {
            connection.close()
            other.close()
        }
        let pid = try await other.query("SELECT pg_backend_pid() AS pid").first?.int("pid")
        _ = try await connection.query("SELECT pg_terminate_backend(\(try #require(pid)), 2000)")
    }
}
