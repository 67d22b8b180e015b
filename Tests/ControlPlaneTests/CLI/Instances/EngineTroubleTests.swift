import Glibc
import OpsCommand
import OpsModel
import OpsRuntime
import OpsService
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// What a person reads when containers cannot be made or asked: one message, a hint, its exit code, and nothing made.
@Suite struct EngineTroubleTests {
    private let bench: CommandLineBench
    private var socket: String { bench.state.file("engine.sock") }
    private var engine: [String: String] { ["DOCKER_HOST": "unix://\(socket)"] }

    init() throws { bench = try CommandLineBench() }

    private func up(_ more: String...) async throws -> CommandOutput {
        try await bench.opslab(["up", "--runtime", "compose", "--instance", "c"] + more, engine)
    }

    /// Neither a lab nor its lock, and of the engine's socket only what the test itself made.
    private func requireNothingMade() throws {
        #expect(try FileSystem.list(bench.state.path).filter { $0 != "engine.sock" } == [])
    }

    @Test("No engine") func noEngine() async throws {
        let output = try await up()
        #expect(output.status == .exited(ExitCode.unavailable), "\(output.errorText)")
        #expect(output.errorText.contains("there is no container engine: \(socket) does not exist\nhint: start one:"))
        #expect(output.stdout.isEmpty)
        try requireNothingMade()
    }

    @Test("An engine elsewhere") func elsewhere() async throws {
        let output = try await bench.opslab(
            ["up", "--runtime", "compose", "--instance", "c"],
            ["DOCKER_HOST": "tcp://192.0.2.1:2375"]
        )
        #expect(output.status == .exited(ExitCode.failed) && output.errorText.contains("an engine on this machine"))
        try requireNothingMade()
    }

    @Test("An engine that is too old") func tooOld() async throws {
        let stub = try StubEngine(at: socket, StubEngine.usable(api: "1.39"))
        let output = try await up()
        #expect(output.status == .exited(ExitCode.unavailable), "\(output.errorText)")
        #expect(output.errorText.contains("with API 1.39, and a lab needs API 1.41\nhint: "))
        #expect(stub.requests == ["GET /version"])
        try requireNothingMade()
    }

    @Test("An image that is missing") func noImage() async throws {
        let stub = try StubEngine(at: socket, StubEngine.usable())
        stub.set("/images/opslab/postgres:dev/json", nil)
        let output = try await up()
        #expect(output.status == .exited(ExitCode.unavailable), "\(output.errorText)")
        #expect(output.errorText.contains("has no image opslab/postgres:dev\nhint: `make images`"))
        try requireNothingMade()
    }

    @Test("A port that somebody has, in a lab that is to keep its ports") func portTaken() async throws {
        let stub = try StubEngine(at: socket, StubEngine.usable())
        let listener = FileDescriptor(owning: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        let port = UInt16(FreePort.take())
        try #require(Self.listen(listener, port))
        let layout = try record(port: port, of: "default")
        let output = try await bench.opslab(["up", "--runtime", "compose"], engine)
        #expect(output.status == .exited(ExitCode.unavailable), "\(output.errorText)")
        #expect(output.errorText.contains("somebody else listens on port \(port) (web)\nhint: "), "\(output.errorText)")
        #expect(try FileSystem.list(layout.home) == ["instance.json"])
        #expect(!stub.requests.contains { $0.hasPrefix("POST") })
    }

    @Test("A socket that is not for everybody, asked for by somebody else") func forbidden() async throws {
        let stub = try StubEngine(at: socket, mode: geteuid() == 0 ? 0o600 : 0, StubEngine.usable())
        let words = ["doctor", "--runtime", "compose", "--instance", "c"]
        let output = try await bench.asAnybody(words, engine)
        #expect(output.status == .exited(ExitCode.unavailable), "\(output.errorText)")
        #expect(output.text.contains("may not use the container engine's socket \(socket)\n"), "\(output.text)")
        #expect(stub.requests.isEmpty)
    }

    // MARK: A lab that is up

    private static let programs = [
        "db", "payments-a", "payments-b", "api-1", "api-2", "worker", "report", "web", "load", "engine", "relay",
        "agentops-db", "observer", "action", "guard", "chaos", "gate", "agent",
        "api-1-net", "api-2-net",
    ]

    private func running() throws -> StubEngine {
        let stub = try StubEngine(at: socket, StubEngine.usable())
        for program in Self.programs { stub.set("/containers/opslab-c-\(program)/json", StubEngine.container()) }
        _ = try record(of: "c")
        return stub
    }

    @Test("A container that was removed is told by `status` and by a run, which does not begin") func removed()
        async throws
    {
        let stub = try running()
        stub.set("/containers/opslab-c-report/json", nil)
        let status = try await bench.opslab(["status", "--instance", "c"])
        #expect(status.status == .exited(ExitCode.failed))
        #expect(status.text.contains("removed behind the lab's back: report\nhint: `opslab up`"), "\(status.text)")
        let json = try await bench.opslab(["status", "--instance", "c", "--json"])
        let rows = try OpsJSON.decode(JSONValue.self, from: json.stdout)["programs"]?.arrayValue ?? []
        #expect(rows.count == Self.programs.count)
        #expect(rows.filter { $0["state"] == "absent" }.map { $0["program"] } == ["report"])
        let run = try await bench.opslab(["scenario", "run", "db-lock", "--instance", "c"])
        #expect(run.status == .exited(ExitCode.unreachable), "\(run.errorText)")
        #expect(run.errorText.contains("were removed behind its back: report\nhint: `opslab up`"), "\(run.errorText)")
        #expect(!stub.requests.contains { $0.hasPrefix("POST") })
    }

    @Test("A container that is unhealthy, and one that is paused") func unhealthy() async throws {
        let stub = try running()
        stub.set("/containers/opslab-c-api-1/json", StubEngine.container(health: "unhealthy"))
        let status = try await bench.opslab(["status", "--instance", "c"])
        #expect(
            status.status == .exited(ExitCode.failed) && status.text.contains("running, unhealthy"),
            "\(status.text)"
        )
        stub.stop()
    }

    @Test("An engine that ended under a lab: nothing is known, and nothing is claimed", arguments: ["status", "down"])
    func engineEnded(_ verb: String) async throws {
        let stub = try running()
        stub.stop()
        let output = try await bench.opslab([verb, "--instance", "c", "--json"])
        #expect(output.status == .exited(ExitCode.unavailable) && output.stdout.isEmpty, "\(output.text)")
        #expect(output.errorText.contains("no container engine listens at \(socket) any more"), "\(output.errorText)")
        #expect(try FileSystem.exists(bench.layout(of: "c").record))
    }

    @Test(
        "The other runtime than the lab's is refused",
        arguments: [["status"], ["down"], ["scenario", "run", "db-lock"]]
    )
    func otherRuntime(_ verb: [String]) async throws {
        let stub = try running()
        let output = try await bench.opslab(verb + ["--instance", "c", "--runtime", "local", "--json"])
        #expect(output.status == .exited(ExitCode.refused) && output.stdout.isEmpty, "\(output.text)")
        #expect(
            output.errorText.contains("lab 'c' runs as compose, and local was asked for\nhint: "),
            "\(output.errorText)"
        )
        #expect(stub.requests.isEmpty)
    }

    // MARK: Making

    /// A lab that was started once.
    private func record(port: UInt16? = nil, of name: String) throws -> InstanceLayout {
        let layout = try bench.layout(of: name)
        try FileSystem.makeDirectory(layout.home, mode: 0o755)
        let ports = PortPlan.Listener.allCases.map { listener in
            let number = listener == .web ? port.map(Int.init) : nil
            return (listener.rawValue, JSONValue.int(number ?? FreePort.take()))
        }
        let record: JSONValue = [
            "instance": .string(name), "instance_id": "0011", "runtime": "compose", "isolation": "I3",
            "created": "2026-11-22T03:30:01Z", "ports": .object(Dictionary(uniqueKeysWithValues: ports)),
            "sockets": .string(layout.sockets), "engine": .string(socket),
        ]
        try FileSystem.writeAtomically(try OpsJSON.encode(record), to: layout.record, mode: 0o644)
        return layout
    }

    private static func listen(_ listener: FileDescriptor, _ port: UInt16) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener.raw, $0, 16) == 0 }
        } && Glibc.listen(listener.raw, 1) == 0
    }
}
