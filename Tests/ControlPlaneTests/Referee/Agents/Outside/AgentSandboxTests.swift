import Glibc
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// A hostile program in the agent's place: in the sandbox, and outside of it to see that the program is hostile indeed.
@Suite struct AgentSandboxTests {
    private static let hostile = """
        import os, socket, sys
        secret, port, parent = (word.split("=")[1] for word in sys.argv[1:4])
        def sees(name, body):
            try: print(name, "yes" if body() else "no")
            except OSError: print(name, "no")
        sees("file", lambda: open(secret).read())
        sees("folder", lambda: os.listdir(os.path.dirname(secret)))
        sees("parent", lambda: open(f"/proc/{parent}/cmdline", "rb").read())
        sees("port", lambda: socket.create_connection(("127.0.0.1", int(port)), 2))
        sees("environment", lambda: "SECRET" in os.environ)
        sees("passwords", lambda: open("/etc/passwd").read())
        sees("network", lambda: [n for n in os.listdir("/sys/class/net") if n != "lo"])
        """

    /// What the program says that it can see, and whether.
    private func sight(isConfined: Bool) async throws -> [String: String] {
        let own = try TemporaryDirectory()
        let lab = try TemporaryDirectory()
        let (program, secret) = (own.file("agent.py"), lab.file("secret.yaml"))
        try FileSystem.writeAtomically(Self.hostile, to: program)
        try FileSystem.writeAtomically("the answer", to: secret)
        let server = try await Launcher.shared.start(
            Spawn(
                path: "/usr/bin/python3",
                arguments: ["-m", "http.server", "--bind", "127.0.0.1", "\(FreePort.take())"]
            )
        )
        defer { server.signalGroup(SIGKILL) }
        let port = ProcessSample.commandLine(pid: server.pid).last ?? ""
        try await untilItListens(UInt16(port) ?? 0)
        let words = [program, "secret=\(secret)", "port=\(port)", "parent=\(getpid())"]
        let python = "/usr/bin/python3"
        let environment = ["SECRET": "x", "PATH": "/usr/bin"]
        let arguments = isConfined ? AgentSandbox(files: []).arguments(for: python, words) : words
        let path = isConfined ? AgentSandbox.program : python
        let output = try await run(path, arguments, environment: environment, within: .seconds(20))
        #expect(output.status.isSuccess, "\(output.errorText)")
        let pairs = output.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
    }

    private func untilItListens(_ port: UInt16) async throws {
        for _ in 0..<200 {
            let answer = try await run("/usr/bin/python3", ["-c", Self.knock, "\(port)"], within: .seconds(5))
            if answer.status.isSuccess { return }
        }
        Issue.record("nobody listens on \(port)")
    }

    private static let knock = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)"

    @Test func `in the sandbox there is no file, process, port or variable of ours`() async throws {
        #expect(await AgentSandbox.problem() == nil)
        let seen = try await sight(isConfined: true)
        #expect(seen.count == 7)
        #expect(seen.filter { $0.value == "yes" }.keys.sorted() == [])
    }

    @Test func `outside of it the same program sees them all`() async throws {
        let seen = try await sight(isConfined: false)
        for name in ["file", "folder", "parent", "port", "environment", "passwords"] { #expect(seen[name] == "yes") }
    }

    @Test func `what is named is shown, to be read and not to be changed`() async throws {
        let folder = try TemporaryDirectory()
        try FileSystem.writeAtomically("weights", to: folder.file("model"))
        let sandbox = AgentSandbox(files: [folder.path])
        let script = "cat \(folder.path)/model; echo x >\(folder.path)/model || echo kept"
        let output = try await run(
            AgentSandbox.program,
            sandbox.arguments(for: "/bin/sh", ["-c", script]),
            within: .seconds(20)
        )
        #expect(output.text == "weightskept")
        #expect(try FileSystem.text(folder.file("model")) == "weights")
    }
}
