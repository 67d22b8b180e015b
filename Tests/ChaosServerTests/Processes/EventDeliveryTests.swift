import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Events over HTTP", .serialized)
struct EventDeliveryTests {
    private static let whole = ["fault.requested", "fault.applied", "fault.ended"]
    private let referee: EventReceiver
    private let board: EventReceiver

    init() throws {
        self.referee = try EventReceiver()
        self.board = try EventReceiver()
    }

    private var arguments: [String] {
        self.referee.arguments("referee", "referee") + self.board.arguments("board", "open")
    }

    private func breakCache(_ lab: ChaosLab, open: Bool? = nil) async throws -> String {
        // What an undo takes away, the cache's owner would make again.
        for number in 1...6 { try lab.writeEntry(number, price: 100 * number) }
        return try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 60, open: open)).id
    }

    @Test(
        "Each fault is told in order, blind ones to the referee alone, and so are kill and resumption; no key is logged"
    )
    func audiences() async throws {
        let servers = [try await self.referee.start(), try await self.board.start()]
        try await ChaosLab.with(arguments: self.arguments) { lab in
            let blind = try await self.breakCache(lab)
            _ = try await lab.client.revert(blind)
            let open = try await self.breakCache(lab, open: true)
            _ = try await lab.client.revert(open)
            let last = try await self.breakCache(lab)
            let kill = try await lab.client.kill(reason: "a test of events")
            let id = try #require(kill.killID)
            try await eventually("the kill is told") { self.referee.types().contains("kill.pressed") }
            _ = try await lab.client.resume(killID: id, reason: "over")
            try await eventually("all is told") {
                self.referee.types().contains("kill.resumed") && self.board.types().count == 3
                    && self.referee.types(of: last).last == "fault.ended"
            }
            for fault in [blind, open, last] { #expect(self.referee.types(of: fault) == Self.whole) }
            #expect(self.board.types(of: open) == Self.whole && self.board.types() == Self.whole)
            let told = try OpsJSON.string(self.board.taken)
            #expect(!told.contains(blind) && !told.contains(last) && !told.contains(id))
            let end = self.referee.taken.last { $0.at("data.fault")?.stringValue == last }
            #expect(end?.at("data.cause") == "kill" && end?["instance"] == "default")
            for receiver in [self.referee, self.board] {
                #expect(receiver.findings == [.genuine] && receiver.mismatches == 0)
                #expect(try !lab.log().contains(receiver.key))
                #expect(try !FileSystem.text("\(lab.state)/events.json").contains(receiver.key))
            }
        }
        for server in servers { await server.drain(within: .seconds(1)) }
    }

    @Test("A receiver that refuses is asked again, in order; no fault waits for it")
    func refusals() async throws {
        let server = try await self.referee.start()
        self.referee.refuse(3)
        try await ChaosLab.with(arguments: self.arguments) { lab in
            let fault = try await self.breakCache(lab)
            #expect(try await lab.client.revert(fault).state == .reverted)
            try await eventually("it has refused and then taken them") {
                self.referee.refusalsLeft == 0 && self.referee.types(of: fault) == Self.whole
            }
            #expect(self.referee.findings == [.genuine])
            #expect(try lab.log().contains("a sink did not take an event"))
        }
        await server.drain(within: .seconds(1))
    }

    @Test("What could not be delivered survives kill -9 of the sender, twice, and its end in another's hands")
    func survives() async throws {
        try await ChaosLab.with(arguments: self.arguments) { lab in
            let first = try await self.breakCache(lab)
            #expect(try await lab.client.revert(first).state == .reverted)
            let second = try await self.breakCache(lab)
            try await lab.serverProcess.handle.signal(SIGKILL)
            try await lab.awaitServerEnd()
            try await eventually("the guard ends it") {
                try FaultStore(state: lab.state).file(second)?.machine.isOpen == false
            }
            try await lab.start()
            try await lab.serverProcess.handle.signal(SIGKILL)
            try await lab.awaitServerEnd()
            let server = try await self.referee.start()
            try await lab.start()
            try await eventually("all is told") { self.referee.types().count == 6 }
            #expect(self.referee.types(of: first) == Self.whole && self.referee.types(of: second) == Self.whole)
            #expect(self.referee.findings == [.genuine])
            // And what was taken is not told again.
            try await eventually("the outbox is empty") {
                let bytes = try FileSystem.read("\(lab.state)/events.json")
                let outbox = try OpsJSON.decode(EventOutbox.self, from: bytes)
                return outbox.waiting(for: "referee") == 0 && !outbox.hasOpen
            }
            await server.drain(within: .seconds(1))
        }
    }

    @Test("Where events cannot be kept, faults begin and end all the same, and what may be missing is declared")
    func unkept() async throws {
        let server = try await self.referee.start()
        try await ChaosLab.with(arguments: self.arguments) { lab in
            try await lab.serverProcess.handle.signal(SIGKILL)
            try await lab.awaitServerEnd()
            try FileSystem.remove("\(lab.state)/events.json")
            try FileSystem.makeDirectory("\(lab.state)/events.json")
            try await lab.start()
            let fault = try await self.breakCache(lab)
            #expect(try await lab.client.revert(fault).state == .reverted)
            try await eventually("it is told") { self.referee.types(of: fault) == Self.whole }
            #expect(self.referee.types().first == "events.lost")
            let kill = try await lab.client.kill(reason: "still works")
            #expect(kill.latched && kill.pending.isEmpty && kill.failed.isEmpty)
        }
        await server.drain(within: .seconds(1))
    }

    @Test("A scored run's fault cannot be asked for as open")
    func neverOpen() async throws {
        try await ChaosLab.with { lab in
            let request = FaultRequest(target: "cache", leaseS: 30, aliasSeed: 1, open: true)
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("cache-corrupt", request)
            }
            #expect(error?.status == 422 && error?.message.contains("never open") == true)
        }
    }
}
