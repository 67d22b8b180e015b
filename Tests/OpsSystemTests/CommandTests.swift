import OpsSystem
import OpsTestKit
import Testing

@Suite("Running a program to its end")
struct CommandTests {
    @Test("input, output and error output pass through at any size")
    func streams() async throws {
        let input = [UInt8](repeating: UInt8(ascii: "a"), count: 300_000)
        let output = try await run("/bin/sh", ["-c", "cat; echo oops >&2; exit 3"], input: input, within: .seconds(10))
        #expect(output.stdout == input)
        #expect(output.errorText == "oops")
        #expect(output.status == .exited(3))
    }

    @Test("what is beyond a mebibyte is read and dropped")
    func flood() async throws {
        let output = try await run("/usr/bin/head", ["-c", "3000000", "/dev/zero"], within: .seconds(10))
        #expect(output.stdout.count == 1 << 20)
        #expect(output.status.isSuccess)
    }

    @Test("the deadline ends the whole group")
    func deadline() async throws {
        let start = BootClock.now()
        await #expect {
            try await run("/bin/sh", ["-c", "sleep 60 & sleep 60"], within: .milliseconds(100))
        } throws: { ($0 as? SystemError)?.code == .timedOut }
        #expect(BootClock.seconds(from: start, to: BootClock.now()) < 5)
    }

    @Test("whoever is out of time may tidy up before it is killed")
    func farewell() async throws {
        let directory = try TemporaryDirectory()
        await #expect {
            let script = "trap 'echo yes > \(directory.file("tidied")); exit 1' TERM; while :; do sleep 0.05; done"
            _ = try await run("/bin/sh", ["-c", script], within: .milliseconds(200))
        } throws: { ($0 as? SystemError)?.code == .timedOut }
        #expect(try FileSystem.text(directory.file("tidied")) == "yes\n")
    }

    @Test("a grandchild that keeps the pipe open does not keep us waiting")
    func grandchild() async throws {
        let start = BootClock.now()
        let output = try await run("/bin/sh", ["-c", "echo done; setsid sleep 3 &"], within: .seconds(10))
        #expect(output.text == "done")
        #expect(BootClock.seconds(from: start, to: BootClock.now()) < 2.5)
    }

    @Test("a program that does not read its input may still succeed")
    func unread() async throws {
        ignoreBrokenPipes()
        let output = try await run("/bin/true", input: [UInt8](repeating: 65, count: 1 << 20), within: .seconds(5))
        #expect(output.status.isSuccess)
    }
}
