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

    /// Tries to take what it should not get, and says what the kernel answers.
    private static let greedy = """
        import ctypes, errno, mmap, os, resource
        def tries(name, body):
            try:
                body()
                print(name, "allowed")
            except OSError as error: print(name, errno.errorcode[error.errno])
            except ValueError: print(name, "refused")
        def fill(folder):
            for number in range(50):
                with open(f"{folder}/{number}", "wb") as file: file.write(bytes(4 << 20))
        def namespace():
            if ctypes.CDLL(None, use_errno=True).unshare(0x10000000): raise OSError(ctypes.get_errno(), "unshare")
        for folder in ("", "/dev", "/dev/shm", "/tmp"): tries(f"{folder}/", lambda: fill(folder))
        tries("file", lambda: os.ftruncate(os.open("/tmp/0", os.O_WRONLY), 65 << 20))
        tries("memory", lambda: mmap.mmap(-1, 5 << 30))
        tries("namespace", namespace)
        tries("more", lambda: resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30)))
        tries("descriptors", lambda: [os.dup(0) for _ in range(2000)])
        """

    @Test func `in the sandbox there is an end to what a program may use up`() async throws {
        let arguments = AgentSandbox(files: []).arguments(for: "/usr/bin/python3", ["-c", Self.greedy])
        let output = try await run(AgentSandbox.program, arguments, within: .seconds(20))
        #expect(
            output.text == """
                / EROFS
                /dev/ EROFS
                /dev/shm/ ENOSPC
                /tmp/ ENOSPC
                file EFBIG
                memory ENOMEM
                namespace ENOSPC
                more refused
                descriptors EMFILE
                """,
            "\(output.errorText)"
        )
    }

    private static let forks = """
        import os
        count, (end, _) = 0, os.pipe()
        try:
            while count < 100:
                if os.fork() == 0: os.read(end, 1)
                count += 1
            print("allowed")
        except OSError as error: print(error.strerror)
        """

    /// The kernel counts no processes of root's, so that root starts it as somebody else here.
    @Test func `an ordinary user's program cannot multiply for ever`() async throws {
        let sandbox = AgentSandbox(files: [], limits: SandboxLimits(processes: 32))
        let command = [AgentSandbox.program] + sandbox.arguments(for: "/usr/bin/python3", ["-c", Self.forks])
        let nobody = ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]
        let words = geteuid() == 0 ? nobody + command : command
        let output = try await run(words[0], Array(words.dropFirst()), directory: "/", within: .seconds(20))
        #expect(output.text == "Resource temporarily unavailable", "\(output.errorText)")
    }

    @Test func `a virtual environment is one in the sandbox, too`() async throws {
        let folder = try TemporaryDirectory()
        let (environment, python) = (folder.file("venv"), folder.file("venv/bin/python"))
        try FileSystem.makeDirectory(environment)
        try FileSystem.makeDirectory("\(environment)/bin")
        try FileSystem.makeLink(python, to: "/usr/bin/python3")
        try FileSystem.writeAtomically("home = /usr/bin\n", to: "\(environment)/pyvenv.cfg")
        let cases: [([String], String)] = [([], "/usr"), ([environment], environment)]
        for (files, prefix) in cases {
            let arguments = AgentSandbox(files: files).arguments(for: python, ["-c", "import sys; print(sys.prefix)"])
            let output = try await run(AgentSandbox.program, arguments, within: .seconds(20))
            #expect(output.text == prefix, "\(output.errorText)")
        }
    }

    @Test func `a program elsewhere is found through a link to it`() async throws {
        let folder = try TemporaryDirectory()
        try FileSystem.writeAtomically("#!/bin/sh\necho \"here $0\"\n", to: folder.file("real"), mode: 0o755)
        try FileSystem.makeLink(folder.file("link"), to: "real")
        let arguments = AgentSandbox(files: []).arguments(for: folder.file("link"), [])
        let output = try await run(AgentSandbox.program, arguments, within: .seconds(20))
        #expect(output.text == "here \(folder.file("link"))", "\(output.errorText)")
    }
}
