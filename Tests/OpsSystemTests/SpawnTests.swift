import Glibc
import OpsSystem
import OpsTestKit
import Testing

@Suite("Starting programs")
struct SpawnTests {
    @Test("a child has no signal blocked or ignored, though we block and ignore some")
    func signals() async throws {
        signal(SIGPIPE, SIG_IGN)
        let output = try await Task.detached {
            try await run("/bin/grep", ["-E", "^Sig(Blk|Ign)", "/proc/self/status"], within: .seconds(5))
        }.value
        let masks = output.text.split(separator: "\n").map { $0.split(separator: "\t").last ?? "" }
        #expect(masks.count == 2)
        let internals: UInt64 = 0x1_8000_0000  // 32 and 33 belong to the C library
        #expect(masks.allSatisfy { (UInt64($0, radix: 16) ?? .max) & ~internals == 0 }, "\(output.text)")
    }

    @Test("a child has the listed descriptors and no other")
    func descriptors() async throws {
        let leaked = open("/dev/null", O_RDONLY)  // without close-on-exec
        defer { close(leaked) }
        let directory = try TemporaryDirectory()
        try FileSystem.writeAtomically("from three", to: directory.file("three"))
        let three = open(directory.file("three"), O_RDONLY | O_CLOEXEC)
        let out = open(directory.file("out"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer {
            close(three)
            close(out)
        }
        let spawn = Spawn(
            path: "/bin/sh",
            arguments: ["-c", "cat <&3; ls /proc/self/fd | wc -l"],
            environment: ["PATH": "/usr/bin:/bin"],
            standardOutput: out,
            extraDescriptors: [three]
        )
        #expect(await (try spawn.start()).wait(within: .seconds(5)) == .exited(0))
        // 0, 1, 2, 3 and the directory that ls itself opened.
        #expect(try FileSystem.text(directory.file("out")) == "from three5\n")
    }

    @Test("descriptors may trade places")
    func crossedDescriptors() async throws {
        let directory = try TemporaryDirectory()
        let first = open(directory.file("a"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let second = open(directory.file("b"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer {
            close(first)
            close(second)
        }
        let script = "echo out; echo err >&2; echo three >&3; echo four >&4"
        let spawn = Spawn(
            path: "/bin/sh",
            arguments: ["-c", script],
            standardOutput: first,
            standardError: second,
            extraDescriptors: [second, first]
        )
        #expect(await (try spawn.start()).wait(within: .seconds(5))?.isSuccess == true)
        #expect(try FileSystem.text(directory.file("a")) == "out\nfour\n")
        #expect(try FileSystem.text(directory.file("b")) == "err\nthree\n")
    }

    @Test("a missing program is an error with a word for it")
    func missing() {
        #expect { try Spawn(path: "/nonexistent/program").start() } throws: { ($0 as? SystemError)?.code == .notFound }
    }

    @Test("the exit code and the signal are told apart")
    func endings() async throws {
        let coded = try Spawn(path: "/bin/sh", arguments: ["-c", "exit 7"]).start()
        #expect(await coded.wait(within: .seconds(5)) == .exited(7))
        #expect(coded.reap() == .exited(7))
        let killed = try Spawn(path: "/bin/sleep", arguments: ["60"]).start()
        #expect(await killed.wait(within: .milliseconds(20)) == nil)
        killed.handle.signal(SIGKILL)
        #expect(await killed.wait(within: .seconds(5)) == .signalled(SIGKILL))
    }

    @Test("a child that nobody holds any more is no zombie when it ends")
    func dropped() async throws {
        let identity = try Spawn(path: "/bin/sleep", arguments: ["60"]).start().identity
        let handle = try #require(ProcessHandle(identity))
        #expect(handle.signal(SIGKILL))
        let end = BootClock.now() + 5_000_000_000
        while ProcessIdentity.of(pid: identity.pid) == identity, BootClock.now() < end { await Task.yield() }
        #expect(ProcessIdentity.of(pid: identity.pid) != identity)
    }

    @Test("a child that ignores SIGTERM is killed with its group")
    func stubborn() async throws {
        let (ready, said) = try FileDescriptor.pipe()
        let script = "trap '' TERM; echo ready >&3; sleep 60 & wait; wait"
        let spawn = Spawn(path: "/bin/sh", arguments: ["-c", script], extraDescriptors: [said.raw])
        let child = try spawn.start()
        #expect(await Poller.shared.wait(ready.raw, .read, within: .seconds(10)))
        #expect(await child.stop(grace: .milliseconds(50)) == .signalled(SIGKILL))
    }
}
