import OpsYAML
import Testing

@testable import OpsSpec

@Suite struct ComposeFileTests {
    private func service(_ settings: String) throws -> ComposeService {
        let compose = try ComposeFile.parse("services: {web: {image: x, \(settings)}}")
        return try #require(compose.services.first)
    }

    @Test func readsTheShop() throws {
        let compose = try ComposeFile.parse(ComposeShop.text)
        #expect(compose.name == "shop")
        #expect(compose.services.map(\.name) == ["web", "api", "worker", "migrate", "postgres", "redis"])
        let api = compose.services[1]
        #expect(api.image == "registry.example.com/shop/app" && api.ports == [8000] && api.instances == 2)
        #expect(api.healthCheck?.question == ComposeService.Question(port: 8000, path: "/health"))
        #expect(api.healthCheck?.timeout == nil && compose.services[0].healthCheck?.timeout == .seconds(3))
        #expect(api.dependencies.map(\.name) == ["postgres", "redis", "migrate"])
        #expect(api.dependencies.map(\.endsFirst) == [false, false, true])
        #expect(api.mentions.map(\.key) == ["DATABASE_URL", "REDIS_URL"])
        #expect(api.mentions.map(\.service) == ["postgres", "redis"])
        #expect(compose.services.map(\.isRestarted) == [true, true, true, false, true, true])
        #expect(compose.services[2].dependencies.map(\.name) == ["redis"])
        #expect(compose.services[4].database == .text("shop_production"))
        #expect(compose.remarks.isEmpty)
    }

    @Test func keepsNoPassword() throws {
        let compose = try ComposeFile.parse(ComposeShop.text)
        #expect(!"\(compose)".contains("hunter2"))
        #expect(!TopologyDraft(compose).text.contains("hunter2"))
    }

    @Test(arguments: [
        ("8080:80", [80]), ("80", [80]), ("127.0.0.1:8001:8002", [8002]), ("\"[::1]:8080:80\"", [80]),
        ("\"${PORT}:80\"", [80]), ("\"${PORTS:-8080:81}\"", [81]), ("\"9000:${PORT:-82}/tcp\"", [82]),
        ("{target: 80, published: \"8080\"}", [80]), ("{target: 53, protocol: udp}", []), ("53:53/udp", []),
        ("3000-3005", []), ("99999", []), ("\"${PORT}\"", []), ("[80]", []), ("80, 81, 80", [80, 81]),
    ])
    func ports(_ text: String, _ ports: [Int]) throws {
        #expect(try service("ports: [\(text)]").ports == ports)
        #expect(try service("expose: [\(text)]").ports == ports)
    }

    @Test(arguments: [
        ("[CMD, curl, -f, \"http://localhost:8000/health\"]", 8000, "/health"),
        ("\"curl -f http://localhost || exit 1\"", 80, "/"),
        ("[CMD-SHELL, \"wget -q --spider 127.0.0.1:3000/up?token=x || exit 1\"]", 3000, "/up"),
        ("[CMD, python, -c, \"r.urlopen('http://localhost:9000/ok')\"]", 9000, "/ok"),
        ("[CMD, /usr/bin/curl, \"http://user:pw@web:8080/\"]", 8080, "/"),
        ("[CMD, curl, -H, \"Host: localhost\", \"http://0.0.0.0:81/x\"]", 81, "/x"),
        ("\"curl http://localhost:${PORT:-82}/y\"", 82, "/y"),
    ])
    func questionsOverHTTP(_ test: String, _ port: Int, _ path: String) throws {
        let question = try service("healthcheck: {test: \(test)}").healthCheck?.question
        #expect(question == ComposeService.Question(port: port, path: path))
    }

    @Test(arguments: [
        "\"curl http://other:8000/health\"", "\"curl https://localhost/health\"", "\"curl http://localhost:$${PORT}/\"",
        "[CMD, redis-cli, ping]", "[CMD, nc, -z, \"localhost:80\"]", "\"curl http://localhost:${PORT}/\"",
    ])
    func otherQuestions(_ test: String) throws {
        let check = try service("healthcheck: {test: \(test)}").healthCheck
        #expect(check != nil && check?.question == nil)
    }

    @Test func noQuestion() throws {
        #expect(try service("healthcheck: {test: [NONE]}").healthCheck == nil)
        #expect(try service("healthcheck: {disable: true}").healthCheck == nil)
        #expect(try service("healthcheck: {timeout: 99999999999999999s}").healthCheck?.timeout == nil)
    }

    @Test func variablesCountAsNotSet() {
        #expect(Interpolation.fill("a${B:-c}$$d") == .text("ac$d"))
        #expect(Interpolation.fill("${A-${B:-c}}${D:-}") == .text("c"))
        #expect(Interpolation.fill("5 $ and $") == .text("5 $ and $"))
        #expect(Interpolation.fill("a$B") == .variable("B"))
        #expect(Interpolation.fill("${A:?say it}") == .variable("A"))
        #expect(Interpolation.fill("${A:+b}") == .variable("A"))
        #expect(Interpolation.fill("${A:-b") == .text("b"))
        let deep = String(repeating: "${A:-", count: 10_000)
        #expect(Interpolation.fill(deep[...]) == .variable("A"))
    }

    @Test func mergeKeysYieldToOwnKeysAndToEarlierOnes() throws {
        let text = """
            x-a: &a {restart: always, expose: [1]}
            x-b: &b {<<: *a, restart: "no", scale: 3}
            services:
              one: {<<: [*a, *b], image: x, expose: [2]}
              two: {<<: *b, image: x}
              three: {<<: 5, image: x}
            """
        let compose = try ComposeFile.parse(text)
        #expect(compose.services.map(\.isRestarted) == [true, false, nil])
        #expect(compose.services.map(\.ports) == [[2], [1], []])
        #expect(compose.services.map(\.instances) == [3, 3, 1])
        let said = "'<<' brings a mapping or a list of mappings, here it is a number"
        #expect(compose.remarks.map(\.message) == [said])
    }

    @Test func addressesNameServices() throws {
        let text = """
            services:
              web:
                image: w
                environment:
                  - DATABASE_URL=postgres://db:secret@postgres/shop
                  - CACHE=redis://cache
                  - MAIL=smtp@mail:25
                  - OWN=http://web:80
                  - PASSED_THROUGH
              postgres: {image: a}
              cache: {image: b}
              db: {image: c}
              mail: {image: d}
            """
        let web = try #require(try ComposeFile.parse(text).services.first)
        #expect(web.mentions.map(\.key) == ["DATABASE_URL", "CACHE", "MAIL"])
        #expect(web.mentions.map(\.service) == ["postgres", "cache", "mail"])
    }
}
