import Glibc
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("A holder that waits for its word")
struct LookoutTests {
    private func order(_ directory: TemporaryDirectory) -> HoldOrder {
        HoldOrder(
            id: Identifier.random(),
            kind: .cacheCorruption,
            request: FaultRequest(target: "cache", leaseS: 60),
            access: TargetAccess(component: "cache", kind: "directory"),
            state: directory.path,
            guardSocket: directory.file("guard.sock"),
            shared: SharedPaths(claims: directory.file("claims"), locks: directory.file("locks")),
            requestedAt: .now(),
            deadline: BootClock.now() + 60_000_000_000
        )
    }

    private func lookout(_ server: LineSocket) throws -> Lookout {
        let directory = try TemporaryDirectory()
        return Lookout(server: server, parent: ProcessHandle(.current), order: self.order(directory))
    }

    /// Our end of a socket whose other end said these words and was closed.
    private func server(saying words: Message...) throws -> LineSocket {
        let (ours, other) = try LineSocket.pair()
        let socket = LineSocket(owning: other)
        for word in words { socket.send(word) }
        return ours
    }

    @Test("It leaves when the server's end of the socket is closed, and does not wait for the time to pass")
    func closed() throws {
        let ours = try self.server(saying: Message(.beat))
        #expect(!ours.isClosed)
        let begin = BootClock.now()
        #expect(try self.lookout(ours).awaitOrder(for: .seconds(20)) == nil)
        #expect(BootClock.seconds(from: begin, to: BootClock.now()) < 10)
        #expect(ours.isClosed)
    }

    @Test("A word that came before the end counts")
    func told() throws {
        var word = Message(.go)
        word.fence = 1
        #expect(try self.lookout(self.server(saying: word)).awaitOrder(for: .seconds(20)) == 1)
    }

    @Test("A server that is held still is not waited for")
    func stopped() async throws {
        let parent = try Spawn(path: "/bin/sleep", arguments: ["60"], directory: "/").start()
        parent.handle.signal(SIGSTOP)
        let (ours, other) = try LineSocket.pair()
        let begin = BootClock.now()
        let directory = try TemporaryDirectory()
        let lookout = Lookout(server: ours, parent: ProcessHandle(parent.identity), order: self.order(directory))
        #expect(lookout.awaitOrder(for: .seconds(20)) == nil)
        #expect(BootClock.seconds(from: begin, to: BootClock.now()) < 10)
        #expect(!ours.isClosed)
        withExtendedLifetime(other) {}
        await parent.stop(grace: .zero)
    }
}
