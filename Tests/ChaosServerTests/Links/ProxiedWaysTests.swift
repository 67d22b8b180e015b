import Glibc
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// The ways out of an instance in which proxies stand, closed at the same kind of socket as those that the kernel closes.
@Suite("Ways through a proxy", .serialized, .timeLimit(.minutes(3)))
struct ProxiedWaysTests {
    private struct Ways {
        let bench: ProxyBench
        let client: LinkClient
        /// Where the server is, and where its proxy listens.
        let way: String
        let port: Int
        let serverPort: Int

        func closing(_ impairment: Impairment = .closed, seconds: Double = 10) -> LinkClosing {
            LinkClosing(token: "f1", ways: [self.way], seconds: seconds, impairment: impairment)
        }
    }

    private func withWays(_ body: (Ways) async throws -> Void) async throws {
        let (server, folder, port) = (EchoServer(), try TemporaryDirectory(), FreePort.take())
        defer { server.stop() }
        let (way, socket) = ("127.0.0.1:\(server.port)", folder.file("net.sock"))
        let list: JSONValue = [
            [
                "name": "api-1:echo", "listen": .string("127.0.0.1:\(port)"), "upstream": .string(way),
                "link": .string(socket),
            ]
        ]
        try FileSystem.writeAtomically(OpsJSON.encode(list), to: folder.file("proxies.json"))
        let place = LinkPlace(supervisor: "/nowhere", instance: "api-1", program: nil, socket: socket)
        try await ProxyBench.with(["--proxies", folder.file("proxies.json")]) { bench in
            try await body(
                Ways(bench: bench, client: LinkClient(place: place), way: way, port: port, serverPort: server.port)
            )
        }
    }

    @Test("What is sent on a closed way arrives when it opens, in order and whole")
    func heldBytes() async throws {
        try await self.withWays { ways in
            let (before, after) = (try #require(TestSocket(port: ways.port)), ways.closing())
            #expect(before.roundTrip() != nil)
            let state = try #require(try ways.client.close(after))
            #expect(
                state
                    == LinkState(
                        isCurrent: true,
                        closed: [.init(address: "127.0.0.1", port: ways.serverPort, token: "f1")]
                    )
            )
            before.setPatience(1)
            before.send([1, 2, 3])
            #expect(before.receive(1).bytes.isEmpty)
            // Accepted, as a proxy does, and deaf.
            let fresh = try #require(TestSocket(port: ways.port))
            fresh.setPatience(1)
            #expect(fresh.roundTrip() == nil)
            #expect(try ways.client.open("f1")?.closed == [])
            #expect(before.receive(3).bytes == [1, 2, 3])
            #expect(fresh.receive(1).bytes == [42])
        }
    }

    @Test("It opens by itself when nobody asks again, and lasts while somebody does")
    func expiry() async throws {
        try await self.withWays { ways in
            let end = BootClock.now() + 1_500_000_000
            while BootClock.now() < end {
                #expect(try ways.client.close(ways.closing(seconds: 1))?.closed.count == 1)
            }
            try await eventually("it is open", within: .seconds(5)) { try ways.client.state()?.closed.isEmpty == true }
            let socket = try #require(TestSocket(port: ways.port))
            #expect(socket.roundTrip() != nil)
        }
    }

    @Test("After its undo a token closes nothing; the undo finds what is there, and may run twice")
    func undo() async throws {
        try await self.withWays { ways in
            let change = LinkChange(place: ways.client.place, ways: [ways.way], token: "f1")
            func undo() throws -> EffectOutcome {
                try change.compareAndRevert { change.comparison.decide(live: $0, claim: nil) }
            }
            _ = try ways.client.close(change.closing)
            #expect(try undo() == .reverted)
            #expect(try undo() == .alreadyClean)
            #expect(throws: ChaosError.self) { try ways.client.close(change.closing) }
        }
    }

    @Test("A share that is lost comes late and not never, and is told with its share")
    func share() async throws {
        try await self.withWays { ways in
            #expect(
                try ways.client.close(ways.closing(.loss(percent: 30)))?.closed.map(\.impairment.lostPercent) == [30]
            )
            let socket = try #require(TestSocket(port: ways.port))
            socket.setPatience(30)
            // None of forty pieces lost: once in a million runs. The first time costs 200 ms.
            let times = (0..<20).compactMap { _ in socket.roundTrip() }
            #expect(times.count == 20 && times.contains { $0 >= 200 })
        }
    }

    @Test(
        "However a way is bad, it is told so, and is as before when it is opened",
        arguments: [.delay(ms: 70, jitter: 5), .rate(kib: 8), .reset(percent: 100), .loss(percent: 99)] as [Impairment]
    )
    func told(_ impairment: Impairment) async throws {
        try await self.withWays { ways in
            let state = try ways.client.close(ways.closing(impairment))
            #expect(state?.closed.map(\.impairment) == [impairment])
            #expect(try ways.client.open("f1")?.closed == [])
            #expect(try #require(TestSocket(port: ways.port)).roundTrip() ?? .infinity < 60)
        }
    }

    @Test("A worker that is killed leaves every way open, and can be asked again")
    func killed() async throws {
        try await self.withWays { ways in
            _ = try ways.client.close(ways.closing())
            let worker = try #require(ways.bench.worker)
            kill(worker, SIGKILL)
            try await eventually("another one answers") {
                (try? ways.client.state())?.closed == [] && ways.bench.worker != worker
            }
            let socket = try #require(TestSocket(port: ways.port))
            #expect(socket.roundTrip() != nil)
            #expect(try ways.client.close(ways.closing())?.closed.count == 1)
        }
    }

    @Test("A way in which no proxy stands closes nothing, and nonsense is refused")
    func foreign() async throws {
        try await self.withWays { ways in
            let other = LinkClosing(token: "f1", ways: ["127.0.0.1:9"], seconds: 1)
            let state = try ways.client.close(other)
            #expect(state?.closed == [])
            let nameless = LinkClosing(token: "", ways: [ways.way], seconds: 1)
            #expect(throws: ChaosError.self) { try ways.client.close(nameless) }
        }
    }
}
