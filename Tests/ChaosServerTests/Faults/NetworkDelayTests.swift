import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import Testing

@testable import ChaosServer

/// With a real proxy in the way; measured by a client of it.
@Suite("A way that is slow", .serialized, .timeLimit(.minutes(3)))
struct NetworkDelayTests {
    @Test("Half of all round trips are later by what was asked for within 5 ms, and none once it is over")
    func median() async throws {
        try await ProxiedWay.with { lab, way in
            let request = FaultRequest(target: "api", with: ["to": "payments", "ms": 100], leaseS: 30)
            let record = try await lab.client.inject("net-delay", request)
            #expect(record.state == .verified && record.requested == 1 && record.achieved == 1)
            #expect(record.marks == [FaultMark(.link, "api-1")])
            // For longer than the proxy keeps what nobody asks for again.
            let times = way.roundTrips(40)
            #expect(times.count == 40 && (100...105).contains(times[20]), "\(times)")
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(way.roundTrips(20).allSatisfy { $0 < 50 })
        }
    }

    @Test("Jitter spreads evenly to both sides")
    func jitter() async throws {
        try await ProxiedWay.with { lab, way in
            let with: [String: JSONValue] = ["to": "payments", "ms": 60, "jitter": 40]
            _ = try await lab.client.inject("net-delay", FaultRequest(target: "api", with: with, leaseS: 30))
            // None of forty above 80 ms, or none below 40: each once in a hundred thousand runs.
            let times = way.roundTrips(40)
            #expect(times.count == 40 && times[0] < 40 && times[39] > 80 && times[0] >= 20, "\(times)")
        }
    }

    @Test("What waits when it is over goes on at once, and what comes after it does not wait")
    func undo() async throws {
        try await ProxiedWay.with { lab, way in
            let with: [String: JSONValue] = ["to": "payments", "ms": 10_000]
            let record = try await lab.client.inject("net-delay", FaultRequest(target: "api", with: with, leaseS: 30))
            let socket = try #require(TestSocket(port: way.port))
            socket.setPatience(1)
            socket.send([1, 2, 3])
            #expect(socket.receive(1).bytes.isEmpty)
            _ = try await lab.client.revert(record.id)
            #expect(socket.receive(3).bytes == [1, 2, 3])
            #expect(socket.roundTrip() ?? .infinity < 50)
        }
    }

    @Test("What makes no sense is refused, and nothing is written down")
    func nonsense() async throws {
        try await ProxiedWay.with { lab, _ in
            for with in Self.nonsense {
                let refusal = await lab.refusal(of: "net-delay", with)
                #expect(refusal?.code == "bad_parameter", "\(with)")
            }
            let faults = try await lab.client.faults()
            #expect(faults.isEmpty)
        }
    }

    private static let nonsense: [[String: JSONValue]] = [
        ["to": "payments", "ms": 0],
        ["to": "payments", "ms": 10_001],
        ["to": "payments", "ms": "400"],
        ["to": "payments", "jitter": -1],
        ["to": "payments", "jitter": 5_001],
        ["to": "payments", "share": 3],
        ["to": "nobody"],
        [:],
    ]

    @Test("Without a proxy in the way it is refused before anything is written down, and told where it is possible")
    func unsupported() async throws {
        try await ChaosLab.with { lab in
            let refusal = await lab.refusal(of: "net-delay", ["to": "payments"])
            #expect(refusal?.code == "unsupported")
            #expect(refusal?.hint.contains("opslab up --proxied") == true)
            let faults = try await lab.client.faults()
            #expect(faults.isEmpty)
        }
    }
}
