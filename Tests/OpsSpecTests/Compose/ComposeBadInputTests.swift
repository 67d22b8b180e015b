import OpsYAML
import Testing

@testable import OpsSpec

/// What a person reads about a Compose file that cannot be used, or of which something is left out.
@Suite struct ComposeBadInputTests {
    private func problems(_ text: String) -> [String] {
        do {
            _ = try ComposeFile.parse(text)
            return []
        } catch {
            return error.problems.map { "\($0.line): \($0.message)" }
        }
    }

    @Test(arguments: [
        ("", "1: the Compose file must be a mapping, here it is nothing"),
        ("- a\n", "1: the Compose file must be a mapping, here it is a list"),
        ("version: '3'\n", "1: the Compose file needs 'services'"),
        ("services: {}\n", "1: at least one service is needed"),
        ("services: [a]\n", "1: 'services' must be a mapping, here it is a list"),
        ("services:\n  a: {image: x}\n  a: {image: y}\n", "3: 'a' stands here a second time"),
        ("services: {a: {image: x}}\n---\nb: 1\n", "2: a second document begins here; one is allowed"),
        ("a: *nobody\n", "1: no anchor '&nobody' stands before this alias"),
    ])
    func useless(_ text: String, _ problem: String) {
        #expect(problems(text) == [problem])
    }

    @Test func namesThatNoComponentHasAllAtOnce() {
        let text = """
            services:
              web: nginx
              Api: {image: a}
              observer: {image: b}
            """
        let taken = "and a service becomes one of its name"
        #expect(
            problems(text) == [
                "2: service web must be a mapping, here it is text",
                "3: a component cannot be called 'Api', \(taken)",
                "4: a component cannot be called 'observer', \(taken)",
            ]
        )
    }

    @Test func noLineIsQuotedForPasswordsStandInThem() {
        let error = #expect(throws: SpecProblems.self) {
            try ComposeFile.parse("services: {a: {environment: {PASSWORD: hunter2, PASSWORD: hunter3}}}\n")
        }
        #expect(error?.problems.count == 1 && error?.description.contains("hunter") == false)
    }

    @Test func theNearestWordIsTheHint() {
        let error = #expect(throws: SpecProblems.self) { try ComposeFile.parse("servces: {}\n") }
        #expect(error?.problems.first?.hint == "is 'servces' meant?")
    }

    @Test func tooLarge() {
        #expect(problems("a: " + String(repeating: "x", count: 2 << 20)).first?.contains("bytes") == true)
    }

    @Test func everythingLeftOutAtOnce() throws {
        let text = """
            services:
              web:
                image: "nginx:${TAG}"
                extends: {file: base.yaml, service: web}
                profiles: [debug]
                env_file: .env
                heathcheck: {test: x}
                ports: ["3000-3005", "53:53/udp"]
                restart: sometimes
                deploy: {replicas: 99}
                depends_on: 5
              job:
                command: run
              cache:
                image: "${CACHE_IMAGE}"
                healthcheck: {test: [CMD, ping], timeout: 1m30s}
            include: [other.yaml]
            networkz: {}
            """
        let remarks = try ComposeFile.parse(text).remarks
        let config = "`docker compose config`"
        let count = "is a whole number from 1 to 16 in a topology; one is taken"
        let time = "is not one number with a unit, such as 500ms or 3s: left out"
        #expect(
            remarks.map { "\($0.line): \($0.message)" } == [
                "4: 'extends' of service web: what it takes from elsewhere is not read; \(config) fills it in",
                "5: 'profiles' of service web: it runs only when a profile is asked for, and is taken all the same",
                "6: 'env_file' of service web: its values are not read; \(config) fills them in",
                "7: service web has no 'heathcheck'",
                "8: 'ports' of service web holds '3000-3005', which is no single TCP port: left out",
                "8: 'ports' of service web holds '53/udp', which is no single TCP port: left out",
                "9: 'restart' of service web is one of: no, always, unless-stopped, on-failure; left out",
                "10: the number of instances of service web \(count)",
                "11: 'depends_on' of service web must be a list, here it is a number",
                "12: service job has neither 'image' nor 'build': nothing says what it runs",
                "15: 'image' of service cache is known to the environment only, as $CACHE_IMAGE: left out",
                "16: 'timeout' of 'healthcheck' of service cache \(time)",
                "17: 'include' of the Compose file: the services of other files are not read; \(config) prints all in one",
                "18: the Compose file has no 'networkz'",
            ]
        )
        #expect(remarks.first { $0.line == 7 }?.hint == "did you mean 'healthcheck'?")
    }

    /// Any values give a draft whose topology can be read, or an error; never a crash.
    @Test(arguments: 0..<200) func noiseIsHarmless(_ seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        let parts = [
            "image", "ports", "expose", "environment", "depends_on", "links", "healthcheck", "restart", "deploy", "<<",
            "test", "timeout", "postgres:16", "\"${A:-b}\"", "\"8080:80\"", "http://localhost:1/", "[", "]", "{", "}",
            ": ", ", ", "\n  ", "\n", "&a ", "*a ", "a", "web", "\"\\u2028x\"", "- ", "$", "é", "\u{0}",
        ]
        var text = "services: {web: {image: postgres, "
        for _ in 0..<40 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += parts[Int((state >> 33) % UInt64(parts.count))]
        }
        for ending in ["", "}}"] {
            do {
                _ = TopologyDraft(try ComposeFile.parse(text + ending)).text
            } catch {
                #expect(!error.problems.isEmpty, "seed \(seed)")
            }
        }
    }
}
