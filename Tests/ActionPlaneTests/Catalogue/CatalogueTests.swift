import OpsModel
import OpsRuntime
import OpsSpec
import OpsTestKit
import Testing

@testable import ActionPlane

/// The real catalogue over the shop's own topology.
@Suite struct CatalogueTests {
    private func target() throws -> Target {
        let topology = try Topology.load("compose/topology.yaml")
        let process = { (name: String, kind: ComponentKind) in
            BoundComponent(kind: kind, instances: [.init(name: name, program: name, url: "http://127.0.0.1:1")])
        }
        let bindings = Bindings(
            runtime: "local",
            isolation: "I0",
            instance: "test",
            instanceID: "",
            components: [
                "web": process("web", .http), "worker": process("worker", .worker), "report": process("report", .batch),
                "api": BoundComponent(
                    kind: .http,
                    instances: [.init(name: "api-1", program: "api-1"), .init(name: "api-2", program: "api-2")]
                ),
                "payments": BoundComponent(
                    kind: .provider,
                    providers: ["primary": .init(url: "u", program: "payments-a")],
                    keys: "/nowhere/provider.keys"
                ),
                "db": BoundComponent(
                    kind: .postgres,
                    instances: [.init(name: "db", program: "db")],
                    postgres: .init(host: "127.0.0.1", port: 1, database: "shop")
                ),
                "cache": BoundComponent(kind: .directory, path: "/nowhere/cache"),
                "scratch": BoundComponent(kind: .directory, path: "/nowhere/scratch"),
            ],
            config: ["shop.env": .init(path: "/nowhere/shop.env")]
        )
        return Target(topology, bindings)
    }

    private struct Nobody: ProcessControl, Readiness {
        func status(of program: String) async throws(ActionError) -> ProgramStatus { ProgramStatus(state: "STOPPED") }
        func start(_ program: String) async throws(ActionError) {}
        func stop(_ program: String) async throws(ActionError) {}
        func resume(_ program: String) async throws(ActionError) {}
        func isReady(_ url: String, within limit: Duration) async -> Bool { false }
    }

    private func catalogue() throws -> Catalogue {
        .make(
            for: try target(),
            processes: ProcessSteps(control: Nobody(), readiness: Nobody()),
            clusters: ClusterMemory(path: "/nowhere/cluster") { nil },
            secrets: StagedSecrets(directory: "/nowhere/staged")
        )
    }

    @Test func hasEveryActionOfTheFirstCut() throws {
        #expect(
            try catalogue().names == [
                "clear-cache", "free-disk", "pause-component", "quarantine-job", "regenerate-env", "restart-api",
                "restart-db", "restart-service", "resume-process", "rollback-config", "rotate-credential",
                "run-migrations", "set-config",
                "set-flag",
                "switch-to-fallback", "terminate-sessions",
            ]
        )
    }

    @Test func touchesOnlyWhatItsKindMay() throws {
        let target = try target()
        #expect(target.processes.map(\.name) == ["web", "api", "worker", "report"], "no provider, no load")
        #expect(target.caches.map(\.component) == ["cache"], "scratch cannot be made again")
        #expect(target.users(of: "shop.env").map(\.name) == ["api", "worker"])
        #expect(target.providers.first?.alternatives == ["primary", "fallback"])
        #expect(target.configurations.first?.passwords == ["DB_PASSWORD": "shop"], "a shared key is no password")
        let key = try #require(target.providers.first?.key)
        #expect(key.setting == "PAYMENTS_KEY" && key.configuration == "shop.env")
        #expect(key.accounts == ["primary": "u/account"], "an alternative whose place is unknown cannot be asked")
    }

    @Test func collectsEveryProblemWithParameters() throws {
        let schema = try catalogue().action("restart-service").schema
        #expect(schema.problems(in: ["component": "api", "instance": "api-2"]).isEmpty)
        #expect(schema.problems(in: ["component": "db", "colour": 1]).count == 2)
        #expect(schema.problems(in: [:]).count == 1)
    }

    @Test func anInstanceOfAnotherComponentIsRefused() async throws {
        let action = try catalogue().action("restart-service")
        let error = await #expect(throws: ActionError.self) {
            try await action.prepare(["component": "worker", "instance": "api-1"])
        }
        #expect(error?.code == .invalidParameters)
    }
}
