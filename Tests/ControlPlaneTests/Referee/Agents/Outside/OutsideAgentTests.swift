import Glibc
import OpsSystem
import Testing

@testable import ControlPlane

@Suite struct OutsideAgentTests {
    /// Says its number, and ends neither with its input nor with its terminal.
    private static let deaf = """
        import os, signal, time
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        print(os.getpid(), flush=True)
        time.sleep(600)
        """

    /// A shell in our place starts it as we would, and is killed.
    @Test(.timeLimit(.minutes(1)))
    func `outside of a sandbox it ends with whoever started it, too`() async throws {
        let spawn = OutsideAgent.unconfined("/usr/bin/python3", ["-c", Self.deaf])
        let script = #"echo $$; "$@" & wait"#
        let runner = try LineChild(
            Spawn(path: "/bin/sh", arguments: ["-c", script, "sh", spawn.path] + spawn.arguments),
            lineLimit: 100,
            errorLimit: 1_000
        )
        let shell = try #require(try await number(from: runner))
        let agent = try #require(try await number(from: runner))
        let identity = try #require(ProcessIdentity.of(pid: agent))
        #expect(identity.isAlive)
        kill(shell, SIGKILL)
        let end = ContinuousClock.now + .seconds(5)
        while identity.isAlive, ContinuousClock.now < end { await Task.yield() }
        #expect(!identity.isAlive)
        _ = await runner.stop(grace: .milliseconds(100))
    }

    private func number(from child: LineChild) async throws -> Int32? {
        try await child.receive().flatMap { Int32(String(decoding: $0, as: UTF8.self)) }
    }
}
