import Glibc
import OpsHTTP
import OpsSystem
import OpsTestKit
import Testing

@testable import OpsRuntime

@Suite("A real supervisor", .timeLimit(.minutes(2)))
struct SupervisorTests {
    @Test("programs start, are named, restart and stop; doing it twice is no error")
    func programs() async throws {
        try await SupervisorFixture.with(["sleeper": ["/bin/sleep", "600"], "other": ["/bin/sleep", "600"]]) {
            fixture in
            let client = fixture.process.client
            #expect(try await client.programs().map(\.phase) == [.stopped, .stopped])
            try await client.start("sleeper")
            try await client.start("sleeper")
            let first = try await client.state(of: "sleeper")
            #expect(first.phase == .running)
            let identity = try #require(ProcessIdentity.of(pid: first.pid ?? 0))
            try await client.restart("sleeper")
            #expect(!identity.isAlive)
            #expect(try await client.state(of: "sleeper").pid != first.pid)
            try await client.stop("sleeper")
            try await client.stop("sleeper")
            #expect(try await client.state(of: "sleeper").isUp == false)
        }
    }

    @Test("the client without tasks says the same, and does not wait for a supervisor that is stopped")
    func blocking() async throws {
        try await SupervisorFixture.with(["sleeper": ["/bin/sleep", "600"]]) { fixture in
            let socket = fixture.process.layout.targetSupervisor
            let client = BlockingSupervisorClient(socket: socket)
            try client.start("sleeper")
            try client.start("sleeper")
            #expect(try client.state(of: "sleeper") == (try await fixture.process.client.state(of: "sleeper")))
            try client.crash("sleeper")
            let end = BootClock.now() + 10_000_000_000
            while try client.state(of: "sleeper").phase == .running, BootClock.now() < end { await Task.yield() }
            #expect(try client.state(of: "sleeper").phase == .exited)
            try client.stop("sleeper")
            #expect { try client.state(of: "nobody") } throws: { ($0 as? RuntimeError)?.code == .unknownProgram }
            let pid = try await fixture.process.client.processID()
            kill(pid, SIGSTOP)
            defer { kill(pid, SIGCONT) }
            let begin = BootClock.now()
            #expect {
                try BlockingSupervisorClient(socket: socket, within: .milliseconds(300)).state(of: "sleeper")
            } throws: {
                ($0 as? RuntimeError)?.code == .supervisorUnreachable
            }
            #expect(BootClock.now() - begin < 3_000_000_000)
        }
        #expect { try BlockingSupervisorClient(socket: "/nowhere").state(of: "x") } throws: {
            ($0 as? RuntimeError)?.code == .supervisorUnreachable
        }
    }

    @Test("an unknown program is an error with its own word")
    func unknown() async throws {
        try await SupervisorFixture.with(["sleeper": ["/bin/sleep", "600"]]) { fixture in
            await #expect { try await fixture.process.client.state(of: "nobody") } throws: {
                ($0 as? RuntimeError)?.code == .unknownProgram
            }
        }
    }

    @Test("arguments arrive as they were given, whatever is in them")
    func arguments() async throws {
        let words = ["100%", "two words", "it's", "a\"b", "semi;colon", "%(here)s"]
        let script = "printf '%s\\n' \"$@\" > out; exec sleep 600"
        try await SupervisorFixture.with(["writer": ["/bin/sh", "-c", script, "sh"] + words]) { fixture in
            try await fixture.process.client.start("writer")
            let path = fixture.directory.file("out")
            let expected = words.map { "\($0)\n" }.joined()
            let end = BootClock.now() + 10_000_000_000
            while (try? FileSystem.text(path)) != expected, BootClock.now() < end { await Task.yield() }
            #expect(try FileSystem.text(path) == expected)
        }
    }

    @Test("the kernel ends the programs of a supervisor that is killed, and the next one starts over the litter")
    func killed() async throws {
        try await SupervisorFixture.with(["sleeper": ["/bin/sleep", "600"]]) { fixture in
            let client = fixture.process.client
            try await client.start("sleeper")
            let program = try #require(try await client.state(of: "sleeper").pid.flatMap(ProcessIdentity.of(pid:)))
            let handle = try #require(ProcessHandle(program))
            // Between fork and exec the program has not yet asked the kernel to end it with its supervisor.
            let deadline = ContinuousClock.now + .seconds(10)
            while try FileSystem.text("/proc/\(program.pid)/comm") != "sleep\n", .now < deadline { await Task.yield() }
            let supervisor = try #require(
                ProcessIdentity.of(pid: try await client.processID()).flatMap(ProcessHandle.init)
            )
            supervisor.signal(SIGKILL)
            #expect(await handle.waitForExit(within: .seconds(10)))
            try await fixture.process.start("/usr/bin/supervisord")
            #expect(try await client.state(of: "sleeper").phase == .stopped)
        }
    }

    @Test("a supervisor that does not answer is found and ended")
    func deaf() async throws {
        try await SupervisorFixture.with(["sleeper": ["/bin/sleep", "600"]]) { fixture in
            let pid = try await fixture.process.client.processID()
            let handle = try #require(ProcessIdentity.of(pid: pid).flatMap(ProcessHandle.init))
            try FileSystem.remove(fixture.process.layout.targetSupervisor)
            #expect(await !fixture.process.client.answers())
            await fixture.process.stop()
            #expect(handle.hasExited)
        }
    }
}

/// A supervisor in a directory of its own, lent to one test.
private struct SupervisorFixture {
    let directory: TemporaryDirectory
    let process: SupervisorProcess

    private init(_ directory: TemporaryDirectory, programs: [SupervisedProgram]) async throws {
        self.directory = directory
        let layout = InstanceLayout(home: directory.path, sockets: directory.path, state: directory.path)
        self.process = SupervisorProcess(.target, layout: layout, http: HTTPClient())
        try FileSystem.makeDirectory("\(layout.target)/log")
        let configuration = SupervisorConfiguration(
            half: .target,
            layout: layout,
            accounts: .single(),
            setpriv: "/usr/bin/setpriv",
            programs: programs
        )
        try FileSystem.writeAtomically(configuration.text, to: self.process.configuration)
        try await self.process.start("/usr/bin/supervisord")
    }

    /// Runs the body beside a supervisor with these programs and leaves nothing behind.
    static func with(
        _ programs: [String: [String]],
        _ body: (SupervisorFixture) async throws -> Void
    ) async throws {
        let list = programs.sorted { $0.key < $1.key }.map {
            SupervisedProgram(name: $0.key, command: $0.value, account: .target, priority: 10, stopWait: 2)
        }
        let fixture = try await SupervisorFixture(try TemporaryDirectory(), programs: list)
        do {
            try await body(fixture)
        } catch {
            await fixture.process.stop()
            throw error
        }
        await fixture.process.stop()
        #expect(await !fixture.process.client.answers())
    }
}
