import OpsYAML
import Testing

@testable import OpsSpec

@Suite struct TopologyDraftTests {
    private func drafted(_ services: String) throws -> TopologyDraft {
        TopologyDraft(try ComposeFile.parse("services:\n" + services))
    }

    /// What `topology lint` would say.
    private func complaints(_ text: String) -> [String] {
        do {
            _ = try Topology.parse(text)
            return []
        } catch {
            return error.problems.map(\.message)
        }
    }

    /// The text with its examples, but for those that still name nobody.
    private func uncommented(_ text: String) -> String {
        let lines = text.split(separator: "\n").filter { !$0.contains("CALLER") }
        // Prose has one space after its sign, an example none, or the two that it is indented by.
        func isExample(_ line: Substring) -> Bool {
            line.hasPrefix("#") && (!line.hasPrefix("# ") || line.hasPrefix("#  "))
        }
        return lines.map { isExample($0) ? $0.dropFirst() : $0 }.joined(separator: "\n")
    }

    @Test func theShopWordForWord() throws {
        let draft = TopologyDraft(try ComposeFile.parse(ComposeShop.text))
        #expect(draft.text == Self.shop)
        #expect(complaints(draft.text) == ["the topology needs 'journeys'"])
        #expect(draft.remarks.map { "\($0.line): \($0.message)" } == [Self.migrationIsOver])
        #expect(draft.gaps.filter(\.isRequired).map(\.place) == ["journeys"])
        #expect(
            draft.gaps.map(\.place) == [
                "journeys", "components", "components.worker.kind", "components.migrate.kind",
                "components.postgres.admin", "components.redis.kind", "probes", "config", "limits", "chaos.scope",
            ]
        )
    }

    /// An example is part of the topology once its sign is gone.
    @Test func theExamplesAreRight() throws {
        let topology = try Topology.parse(uncommented(Self.shop))
        #expect(topology.journeys.map(\.name) == ["browse"] && topology.entry?.name == "web")
        #expect(topology.chaos.scope.isEmpty && topology.limits.actionsPerIncident == 0)
        #expect(topology.configSource("app.env")?.secrets.first?.role == "shop")
        #expect(topology.component("worker")?.restartsOnFailure == true)
        #expect(topology.component("migrate")?.restartsOnFailure == false)
    }

    @Test func whatIsRequiredIsWhatLintMisses() throws {
        let draft = try drafted("  db: {image: registry/team/postgres, env_file: db.env}")
        let system = "the topology needs 'system'"
        #expect(
            complaints(draft.text) == [system, "the topology needs 'journeys'", "component db needs 'database'"]
        )
        #expect(draft.gaps.filter(\.isRequired).map(\.place) == ["system", "journeys", "components.db.database"])
    }

    @Test(
        arguments: [
            ("image: \"postgres:16\"", "postgres"), ("image: docker.io/library/postgres", "postgres"),
            ("image: postgis/postgis:16-3.4, environment: {POSTGRES_USER: shop}", "shop"),
            ("image: postgres, environment: [POSTGRES_DB=a, POSTGRES_USER=b]", "a"),
            ("image: \"postgres:${V}\", environment: {POSTGRES_DB: \"${DB:-orders}\"}", "orders"),
            ("image: postgres, environment: {POSTGRES_DB: \"${DB}\"}", nil),
            ("image: postgres, environment: {POSTGRES_DB: }", nil), ("image: postgres, env_file: .env", nil),
            ("image: postgres, environment: {POSTGRES_DB_FILE: /run/secrets/db}", nil),
            ("image: registry/team/postgres", nil),
        ] as [(String, String?)]
    )
    func databases(_ settings: String, _ database: String?) throws {
        let component = try #require(try drafted("  db: {\(settings)}").components.first)
        #expect(component.kind == .postgres && component.database == database)
        #expect(component.gaps.contains(where: \.isRequired) == (database == nil))
    }

    @Test(
        arguments: [
            ("image: x, ports: [\"80:80\"], healthcheck: {test: \"curl http://localhost/\"}", ComponentKind.http, 80),
            ("image: x, expose: [9, 8], healthcheck: {test: \"curl http://localhost:8/\"}", .http, 8),
            ("image: x, ports: [\"80:80\"], healthcheck: {test: \"nc -z localhost 80\"}", .worker, 80),
            ("image: x, healthcheck: {test: \"curl http://localhost/\"}", .worker, nil),
            ("image: my-postgres-exporter, expose: [9187]", .worker, 9187), ("build: .", .worker, nil),
        ] as [(String, ComponentKind, Int?)]
    )
    func kindsByEvidence(_ settings: String, _ kind: ComponentKind, _ port: Int?) throws {
        let component = try #require(try drafted("  a: {\(settings)}").components.first)
        #expect(component.kind == kind && component.port == port)
        #expect(component.gaps.contains { $0.place == "components.a.kind" } == (kind == .worker))
    }

    @Test func circlesAndStrangersAreLeftOut() throws {
        let draft = try drafted(
            """
              a: {image: x, depends_on: [b, nobody], links: ["b:other"]}
              b: {image: x, depends_on: [c]}
              c: {image: x, depends_on: [a, c]}
            """
        )
        #expect(draft.components.map(\.needs) == [["b"], ["c"], []])
        let circle = "which needs it too, directly or through others: left out of its 'needs'"
        #expect(
            draft.remarks.map { "\($0.line): \($0.message)" } == [
                "2: service a waits for 'nobody', which is no service of this file: left out of its 'needs'",
                "4: service c waits for 'a', \(circle)", "4: service c waits for 'c', \(circle)",
            ]
        )
        #expect(complaints(draft.text) == ["the topology needs 'system'", "the topology needs 'journeys'"])
    }

    /// Names and values that YAML would read as something else, or that would end the line they stand in.
    @Test func foreignTextIsOnlyText() throws {
        let draft = try drafted(
            """
              "1": {image: "x\\nchaos: {scope: [a]}"}
              "null": {image: x, depends_on: ["1", "-"], environment: {"K\\nchaos: 1": "//y:1"}}
              "-": {image: x}
              y: {image: "a\\n/postgres", environment: {POSTGRES_DB: "a\\n\\"b\\\\ #é\\u2028", POSTGRES_USER: "u\\nv: w"}}
            """
        )
        let topology = try Topology.parse(uncommented(draft.text))
        #expect(topology.components.map(\.name) == ["1", "null", "-", "y"])
        #expect(topology.component("null")?.needs == ["1", "-"])
        #expect(topology.component("y")?.database == "a\n\"b\\ #é\u{2028}")
        #expect(topology.chaos.scope.isEmpty)
    }

    private static let migrationIsOver =
        "25: service api waits for 'migrate', which has ended by then: left out of its 'needs'"

    private static let shop = """
        # A first draft that `opslab init` made from compose.yaml. TODO marks what a person has to write; `opslab topology
        # lint` checks the file.
        topology: 1
        system: shop

        # TODO journeys: what customers do, and when they would call it good; pages and verdicts come from here only
        journeys:
        #  browse:
        #    request: GET /
        #    good: {status: [200], within: 500ms}
        #    objective: 99.5%
        #    traffic: 100%

        # TODO components: the entry: customers come in at web, the first of kind `http` that no other needs; is that so?
        components:
          # port 80, and a health check that asks for / over HTTP
          web: {kind: http, port: 80, needs: [api], restart: on-failure}
          # port 8000, and a health check that asks for /health over HTTP
          api: {kind: http, instances: 2, port: 8000, needs: [postgres, redis], restart: on-failure}
          # TODO components.worker.kind: `worker` if it takes jobs from a queue, `batch` with `every` if it runs every so
          # often; seen: no port, and no health check over HTTP
          # needs postgres? Its DATABASE_URL holds that address.
          worker: {kind: worker, needs: [redis], restart: on-failure}
          # TODO components.migrate.kind: what runs once is no component: take it out, or `batch` with `every` if it runs
          # every so often; seen: others wait until it has ended
          # needs redis? Its REDIS_URL holds that address.
          migrate: {kind: worker, needs: [postgres], restart: never}
          # image postgres
          # TODO components.postgres.admin: `secret:NAME`, the name under which the password of its administrator, whose name
          # is shop, is kept
          postgres: {kind: postgres, port: 5432, database: shop_production}
          # TODO components.redis.kind: `http` if it answers HTTP, `external` if it is somebody else's; `worker` is the
          # nearest otherwise; seen: port 6379, but no health check over HTTP
          redis: {kind: worker, port: 6379, restart: on-failure}

        # TODO probes: Observer asks `http` for /ready and /metrics, whatever the health check asks; a caller shows in its
        # metrics what its own probes found; each probe needs a caller beside Observer
        probes:
        #  web: {http: /, from: [observer, CALLER], timeout: 3s}
          api: {http: /health, from: [observer, web], timeout: 1s}
          postgres: {sql: "select 1", from: [observer, api], timeout: 5s}

        # TODO config: which settings are secrets and what each one opens, by name; no password was taken from the Compose
        # file
        #config:
        #  app.env:
        #    reload: restart
        #    secrets: {DB_PASSWORD: {is: postgres-password, of: postgres, role: shop}}

        # TODO limits: what may be restarted or changed: how much an incident and an hour may cost; it is nothing so far
        limits: {actions_per_incident: 0, downtime_per_hour: 0s}

        # TODO chaos.scope: what may be broken; it is nothing so far
        chaos: {scope: [], at_most: 1, longest: 10m}

        """
}
