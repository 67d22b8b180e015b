import Glibc
import Testing

@testable import OpsSystem

@Suite struct LineChildTests {
    private func shell(_ script: String, lineLimit: Int = 1_000) throws -> LineChild {
        try LineChild(Spawn(path: "/bin/sh", arguments: ["-c", script]), lineLimit: lineLimit, errorLimit: 20)
    }

    private func text(_ line: [UInt8]?) -> String? { line.map { String(decoding: $0, as: UTF8.self) } }

    @Test func `lines go in and come out one by one`() async throws {
        let child = try shell("while read line; do echo \"got $line\"; done")
        await child.send(Array("one".utf8))
        #expect(text(try await child.receive()) == "got one")
        await child.send(Array("two".utf8))
        #expect(text(try await child.receive()) == "got two")
        #expect(await child.stop(grace: .seconds(5)) == .exited(0))
    }

    @Test func `what has no end of line at the end is a line too`() async throws {
        let child = try shell("printf 'a\\nb'")
        #expect(text(try await child.receive()) == "a")
        #expect(text(try await child.receive()) == "b")
        #expect(try await child.receive() == nil)
        _ = await child.stop(grace: .seconds(5))
    }

    @Test func `a line without an end is refused, not stored`() async throws {
        let child = try shell("head -c 100000 /dev/zero; sleep 60")
        await #expect(throws: SystemError.self) { try await child.receive() }
        #expect(await child.stop(grace: .milliseconds(100)) == .signalled(SIGTERM))
    }

    @Test func `complaints are kept up to their limit`() async throws {
        let child = try shell("echo 'a very long complaint about everything' >&2; echo done")
        #expect(text(try await child.receive()) == "done")
        _ = await child.stop(grace: .seconds(5))
        #expect(await child.errorText == "a very long complain")
    }

    @Test func `one that ignores requests to end is ended with all it started`() async throws {
        let child = try shell("trap '' TERM; (trap '' TERM; sleep 600) & echo $!; wait")
        let grandchild = try #require(text(try await child.receive()).flatMap { Int32($0) })
        #expect(await child.stop(grace: .milliseconds(100)) == .signalled(SIGKILL))
        let end = ContinuousClock.now + .seconds(5)
        while ProcessIdentity.of(pid: grandchild)?.isAlive == true, ContinuousClock.now < end { await Task.yield() }
        #expect(ProcessIdentity.of(pid: grandchild)?.isAlive != true)
    }

    @Test func `one that does not listen gets no more, and whoever speaks goes on`() async throws {
        let child = try shell("exec <&-; echo closed; sleep 600")
        #expect(text(try await child.receive()) == "closed")
        await child.send([UInt8](repeating: 97, count: 1 << 20))
        #expect(await child.stop(grace: .milliseconds(100)) == .signalled(SIGTERM))
    }

    @Test func `a program that is not there is said so`() {
        #expect(throws: SystemError.self) {
            try LineChild(Spawn(path: "/nowhere/agent"), lineLimit: 10, errorLimit: 10)
        }
    }
}
