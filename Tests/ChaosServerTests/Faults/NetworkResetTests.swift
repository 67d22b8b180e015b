import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import Testing

@testable import ChaosServer

/// With a real proxy in the way; measured by a client of it.
@Suite("A way that resets connections", .serialized, .timeLimit(.minutes(3)))
struct NetworkResetTests {
    @Test("Of so many connections about the share that was asked for is reset, and none once it is over")
    func share() async throws {
        try await ProxiedWay.with { lab, way in
            let record = try await lab.client.inject(
                "net-reset",
                FaultRequest(target: "api", with: ["to": "payments", "share": 30], leaseS: 60)
            )
            #expect(record.achieved == 1 && record.marks == [FaultMark(.link, "api-1")])
            // 60 are expected; fewer than 28 or more than 92, five standard deviations away, once in a million runs.
            let resets = (0..<200).count { _ in self.end(of: way) == ECONNRESET }
            #expect((28...92).contains(resets), "\(resets)")
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect((0..<50).allSatisfy { _ in self.end(of: way) == 0 })
        }
    }

    @Test("A connection that has gone well for long is reset by what it sends next, and the server gets none of it")
    func later() async throws {
        try await ProxiedWay.with { lab, way in
            let socket = try #require(TestSocket(port: way.port))
            #expect(socket.roundTrip() != nil)
            let with: [String: JSONValue] = ["to": "payments", "share": 100]
            _ = try await lab.client.inject("net-reset", FaultRequest(target: "api", with: with, leaseS: 30))
            socket.send([1])
            let answer = socket.receive(1)
            #expect(answer.error == ECONNRESET && answer.bytes.isEmpty)
        }
    }

    /// What becomes of a connection that sends one byte: 0 when it comes back.
    private func end(of way: ProxiedWay) -> Int32 {
        guard let socket = TestSocket(port: way.port) else { return ECONNREFUSED }
        socket.send([42])
        let answer = socket.receive(1)
        return answer.bytes == [42] ? 0 : answer.error
    }

    @Test("What makes no sense is refused, and nothing is written down")
    func nonsense() async throws {
        try await ProxiedWay.with { lab, _ in
            for with in Self.nonsense {
                let refusal = await lab.refusal(of: "net-reset", with)
                #expect(refusal?.code == "bad_parameter", "\(with)")
            }
            let faults = try await lab.client.faults()
            #expect(faults.isEmpty)
        }
    }

    private static let nonsense: [[String: JSONValue]] = [
        ["to": "payments", "share": 0],
        ["to": "payments", "share": 101],
        ["to": "payments", "share": "all"],
        ["to": "payments", "kib": 3],
        ["to": "report"],
        [:],
    ]

    @Test("Without a proxy in the way it is refused before anything is written down, and told where it is possible")
    func unsupported() async throws {
        try await ChaosLab.with { lab in
            let refusal = await lab.refusal(of: "net-reset", ["to": "payments"])
            #expect(refusal?.code == "unsupported")
            #expect(refusal?.hint.contains("opslab up --proxied") == true)
            let faults = try await lab.client.faults()
            #expect(faults.isEmpty)
        }
    }
}
