import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import Testing

@testable import ChaosServer

/// With a real proxy in the way; measured by a client of it.
@Suite("A way that is narrow", .serialized, .timeLimit(.minutes(3)))
struct NetworkNarrowingTests {
    @Test("A connection carries what was asked for within a tenth, and all there is once it is over")
    func rate() async throws {
        try await ProxiedWay.with { lab, way in
            let with: [String: JSONValue] = ["to": "payments", "kib": 64]
            let record = try await lab.client.inject("net-narrow", FaultRequest(target: "api", with: with, leaseS: 30))
            #expect(record.achieved == 1 && record.marks == [FaultMark(.link, "api-1")])
            // Sends more than a proxy lets wait, for longer than it keeps what nobody asks for again.
            let seconds = try self.carry(256 << 10, way)
            #expect((3.6...4.4).contains(seconds), "\(seconds)")
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try self.carry(256 << 10, way) < 1)
        }
    }

    @Test("What waits when it is over goes on at once")
    func undo() async throws {
        try await ProxiedWay.with { lab, way in
            let with: [String: JSONValue] = ["to": "payments", "kib": 1]
            let record = try await lab.client.inject("net-narrow", FaultRequest(target: "api", with: with, leaseS: 30))
            let socket = try #require(TestSocket(port: way.port))
            let bytes = (0..<50_000).map { UInt8($0 & 255) }
            socket.send(bytes)
            _ = try await lab.client.revert(record.id)
            #expect(socket.receive(bytes.count).bytes == bytes)
        }
    }

    /// Seconds until so many bytes are back, which are sent while others come.
    private func carry(_ count: Int, _ way: ProxiedWay) throws -> Double {
        let socket = try #require(TestSocket(port: way.port))
        let begin = BootClock.now()
        startThread(named: "sender") { socket.send(Array(repeating: 7, count: count)) }
        #expect(socket.receive(count).bytes.count == count)
        return Double(BootClock.now() - begin) / 1e9
    }

    @Test("What makes no sense is refused, and nothing is written down")
    func nonsense() async throws {
        try await ProxiedWay.with { lab, _ in
            for with in Self.nonsense {
                let refusal = await lab.refusal(of: "net-narrow", with)
                #expect(refusal?.code == "bad_parameter", "\(with)")
            }
            let faults = try await lab.client.faults()
            #expect(faults.isEmpty)
        }
    }

    private static let nonsense: [[String: JSONValue]] = [
        ["to": "payments", "kib": 0],
        ["to": "payments", "kib": 10_241],
        ["to": "payments", "kib": true],
        ["to": "payments", "ms": 3],
        ["to": "worker"],
        [:],
    ]

    @Test("Without a proxy in the way it is refused before anything is written down, and told where it is possible")
    func unsupported() async throws {
        try await ChaosLab.with { lab in
            let refusal = await lab.refusal(of: "net-narrow", ["to": "payments"])
            #expect(refusal?.code == "unsupported")
            #expect(refusal?.hint.contains("opslab up --proxied") == true)
            let faults = try await lab.client.faults()
            #expect(faults.isEmpty)
        }
    }
}
