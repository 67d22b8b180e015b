import Glibc
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Sockets kept for a proxy")
struct KeptSocketsTests {
    private func proxy(_ name: String, port: Int, isEnabled: Bool = true) throws -> GuardedProxy {
        GuardedProxy(
            name: name,
            listen: try IPv4.Place(Way(host: "127.0.0.1", port: port)),
            upstream: try IPv4.Place(Way(host: "127.0.0.1", port: 9)),
            isEnabled: isEnabled
        )
    }

    @Test("A socket stays while the proxy listens at the same place, and the port that it got is remembered")
    func stays() throws {
        var sockets = KeptSockets()
        let (made, opened) = try sockets.keep(try self.proxy("a", port: 0))
        let socket = try #require(opened)
        #expect(made.listen.way.port > 0 && made.isEnabled)
        var moved = made
        moved.upstream.way.port = 10
        #expect(try sockets.keep(moved).opened == nil)
        #expect(sockets.all.map(\.proxy) == [moved] && sockets.all.first?.socket === socket)
        #expect(TestSocket(port: made.listen.way.port) != nil)
    }

    @Test("A proxy that is switched off keeps its name and not its socket; one that is forgotten neither")
    func closes() throws {
        var sockets = KeptSockets()
        var made = try sockets.keep(try self.proxy("a", port: 0)).proxy
        made.isEnabled = false
        #expect(try sockets.keep(made).opened == nil)
        #expect(sockets.all.map(\.proxy) == [made] && sockets.all.first?.socket == nil)
        #expect(TestSocket(port: made.listen.way.port) == nil)
        made.isEnabled = true
        #expect(try sockets.keep(made).opened != nil)
        sockets.forget("a")
        #expect(sockets.all.isEmpty && TestSocket(port: made.listen.way.port) == nil)
    }

    @Test("Where somebody else listens the proxy is disabled, and nobody else's socket is touched")
    func conflict() throws {
        var sockets = KeptSockets()
        let (first, _) = try sockets.keep(try self.proxy("a", port: 0))
        #expect(throws: ChaosError.self) { try sockets.keep(try self.proxy("b", port: first.listen.way.port)) }
        #expect(sockets.all.map(\.proxy.isEnabled) == [true, false])
        #expect(TestSocket(port: first.listen.way.port) != nil)
    }
}
