import OpsModel
import OpsPostgres
import OpsRuntime
import OpsService
import OpsSpec
import Testing

@testable import ActionPlane

/// The language of runbooks and scenarios against the actions that there are.
@Suite struct ActionVocabularyTests {
    private struct Nobody: ProcessControl, Readiness {
        func status(of program: String) async throws(ActionError) -> ProgramStatus { ProgramStatus(state: "STOPPED") }
        func start(_ program: String) async throws(ActionError) {}
        func stop(_ program: String) async throws(ActionError) {}
        func resume(_ program: String) async throws(ActionError) {}
        func isReady(_ url: String, within limit: Duration) async -> Bool { false }
    }

    private var catalogue: Catalogue {
        let target = Target(
            processes: [
                .init(
                    name: "api",
                    instances: [.init(name: "api-1", program: "api-1"), .init(name: "api-2", program: "api-2")],
                    configuration: "shop.env"
                ),
                .init(name: "report", instances: [.init(name: "report", program: "report")], isPausable: true),
            ],
            database: .init(
                component: "db",
                program: "db",
                administration: PostgresConfiguration(host: "127.0.0.1", user: "postgres", database: "shop"),
                host: "127.0.0.1",
                port: 1,
                settings: ["work_mem"],
                flags: "feature_flags",
                migrations: SchemaMigrations(
                    declared: ["TargetServer", "migrate"],
                    in: PostgresConfiguration(host: "127.0.0.1", user: "postgres", database: "shop")
                )
            ),
            queue: .init(component: "worker", tables: JobTables(queue: "jobs", quarantine: "aside")),
            caches: [.init(component: "cache", path: "/nowhere/cache")],
            volumes: [.init(component: "scratch", path: "/nowhere/scratch", disposable: ["*.part"])],
            configurations: [
                .init(
                    name: "shop.env",
                    path: "/nowhere/shop.env",
                    history: "/nowhere",
                    passwords: ["KEY": "shop"],
                    settable: [.init(key: "FAST", envelope: .choices(["true", "false"]))]
                )
            ],
            providers: [
                .init(
                    component: "payments",
                    alternatives: ["primary"],
                    activeKey: "A",
                    configuration: "shop.env",
                    key: .init(
                        setting: "K",
                        configuration: "shop.env",
                        list: "/nowhere/keys",
                        accounts: ["primary": "u"]
                    )
                )
            ],
            balancer: .init(
                component: "web",
                program: "web",
                url: "http://127.0.0.1:1",
                drains: "api",
                sheds: ["GET /api/seen"]
            )
        )
        return .make(
            for: target,
            processes: ProcessSteps(control: Nobody(), readiness: Nobody()),
            clusters: ClusterMemory(path: "/nowhere/cluster") { nil },
            secrets: StagedSecrets(directory: "/nowhere/staged"),
            snapshots: SnapshotKeeper(
                database: PostgresConfiguration(host: "127.0.0.1", user: "postgres", database: "shop"),
                tables: ["orders"],
                every: .seconds(60),
                shelf: SnapshotShelf(directory: "/nowhere/snapshots", keep: 1),
                logger: .silent
            ),
            rotation: HTTPRotation(url: "http://127.0.0.1:1", keyFile: "/nowhere/key"),
            floodgate: HTTPFloodgate(url: "http://127.0.0.1:1", keyFile: "/nowhere/key")
        )
    }

    @Test func hasEveryActionWithItsParameters() throws {
        #expect(catalogue.names.count == 19)
        for name in catalogue.names {
            let known = try #require(ActionVocabulary.parameters[name])
            #expect(Set(try catalogue.action(name).schema.properties.map(\.name)).isSubset(of: known), "\(name)")
        }
    }

    /// What may be left out has a default, but for the two that only narrow an action down.
    @Test func knowsWhatMayBeLeftOut() throws {
        for name in catalogue.names {
            let properties = try catalogue.action(name).schema.properties
            let defaults = Set((ActionVocabulary.defaults[name] ?? [:]).keys)
            let required = Set(properties.filter(\.isRequired).map(\.name))
            let optional = Set(properties.filter { !$0.isRequired }.map(\.name)).subtracting(["owner", "at_most"])
            #expect(defaults.isDisjoint(with: required), "\(name)")
            #expect(defaults.isSuperset(of: optional), "\(name)")
        }
        #expect(Set(ActionVocabulary.defaults.keys) == Set(catalogue.names))
    }

    @Test func aKindIsOneThatTheActionMayTouch() throws {
        for (name, defaults) in ActionVocabulary.defaults {
            guard case .onlyComponent(let kind) = defaults["component"] else { continue }
            #expect(try catalogue.action(name).description.kinds.contains(kind.rawValue), "\(name)")
        }
    }
}
