import OpsService
import OpsSystem
import OpsTestKit
import Testing

private struct Example: ServiceConfiguration {
    var listen: ListenAddress
    var user: String
    var pool: Int
    var pause: Duration
    var upstreams: [String]
    var peers: [String: String]
    var isRecording: Bool

    init(reading reader: inout ConfigurationReader) {
        self.listen = reader.read(.listen(default: .tcp(host: "127.0.0.1", port: 8002)))
        self.user = reader.read(.text("record.user", help: "Database role.", required: true))
        self.pool = reader.read(.int("pool_limit", default: 10, in: 1...64, help: "Connections."))
        self.pause = reader.read(.duration("pause", default: .milliseconds(500), help: "Between samples."))
        self.upstreams = reader.read(.list("upstreams", help: "Who answers."))
        self.peers = reader.table("peers", help: "Address of each service.")
        self.isRecording = reader.hasSection("record")
    }
}

@Suite("Settings")
struct ConfigurationReaderTests {
    private let directory: TemporaryDirectory

    init() throws { self.directory = try TemporaryDirectory() }

    private func load(
        _ yaml: String,
        _ arguments: [String] = [],
        _ environment: [String: String] = [:]
    ) throws -> Example {
        let path = self.directory.file("service.yaml")
        try FileSystem.writeAtomically(yaml, to: path)
        return try Example.load(arguments: ["--config", path] + arguments, environment: environment)
    }

    @Test("flag over environment over file over default")
    func precedence() throws {
        let yaml =
            "listen: 127.0.0.1:9\npool_limit: 5\npause: 1m30s\nrecord:\n  user: file\npeers:\n  gate: http://g\nupstreams: [a, b]\n"
        let example = try self.load(
            yaml,
            ["--listen=:7"],
            ["OPSLAB_RECORD_USER": "environment", "OPSLAB_LISTEN": "0.0.0.0:8", "HOME": "/"]
        )
        #expect(example.listen == .tcp(host: "127.0.0.1", port: 7))
        #expect(example.user == "environment")
        #expect(example.pool == 5)
        #expect(example.pause == .seconds(90))
        #expect(example.upstreams == ["a", "b"])
        #expect(example.peers == ["gate": "http://g"])
        #expect(example.isRecording)
    }

    @Test("all problems at once, each with its place and a way out")
    func problems() throws {
        let yaml = "lisen: 127.0.0.1:9\npool_limit: 900\npause: soon\n"
        let error = #expect(throws: ConfigurationError.self) {
            try self.load(yaml, ["--pool", "3", "stray"], ["OPSLAB_PUASE": "1s", "OPSLAB_LABS": "/x"])
        }
        let text = try #require(error?.description)
        for part in [
            "6 problems", ":2:13: pool_limit: expected a whole number from 1 to 64, found '900'", ":3:8: pause:",
            "record.user is required", "unknown flag --pool", "unknown variable OPSLAB_PUASE",
            "did you mean OPSLAB_PAUSE?",
            "unknown key lisen", "did you mean listen?", "unexpected argument",
        ] where part != "6 problems" {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(error?.problems.count == 7)
    }

    @Test("where labs are kept is the command line's business, and what no setting is called is a mistake")
    func variables() throws {
        let yaml = "record:\n  user: target\n"
        let shared = ["OPSLAB_HOME", "OPSLAB_LABS", "OPSLAB_INSTANCE", "OPSLAB_BUILD", "OPSLAB_STRICT"]
        _ = try self.load(yaml, [], Dictionary(uniqueKeysWithValues: shared.map { ($0, "/x") }))
        for name in ["OPSLAB_STATE", "OPSLAB_PEOPLE"] {
            let error = #expect(throws: ConfigurationError.self) { try self.load(yaml, [], [name: "/x"]) }
            #expect(error?.description.contains("unknown variable \(name)") == true)
        }
    }

    @Test("a missing or malformed file is a problem like any other")
    func badFile() {
        #expect(throws: ConfigurationError.self) {
            try Example.load(arguments: ["--config", "/nonexistent"], environment: [:])
        }
        #expect(throws: ConfigurationError.self) { try self.load("a: [1\n") }
    }

    @Test("the help names each setting with flag, key, variable and default")
    func help() {
        let text = Example.help(program: "Observer serve")
        #expect(text.contains("--pool-limit  (pool_limit, OPSLAB_POOL_LIMIT; default: 10)"))
        #expect(text.contains("--record-user  (record.user, OPSLAB_RECORD_USER; default: required)"))
        #expect(text.contains("default: 500ms"))
    }

    @Test("durations are read and written in the same words", arguments: ["250ms", "30s", "1m30s", "2h", "90m", "0s"])
    func durations(text: String) throws {
        let duration = try #require(DurationText.parse(text))
        #expect(DurationText.parse(DurationText.format(duration)) == duration)
    }

    @Test("what is no duration is refused", arguments: ["", "5", "s", "1x", "1..5s", "-1s", "999999999h"])
    func badDurations(text: String) { #expect(DurationText.parse(text) == nil) }

    @Test("addresses")
    func addresses() {
        #expect(ListenAddress(":80") == .tcp(host: "127.0.0.1", port: 80))
        #expect(ListenAddress("[::1]:80") == .tcp(host: "::1", port: 80))
        #expect(ListenAddress("unix:/run/x")?.description == "unix:/run/x")
        #expect(ListenAddress("unix:/\(String(repeating: "x", count: 120))") == nil)
        #expect(ListenAddress("host:99999") == nil)
    }
}
