import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("The monkey of a real injector", .serialized)
struct MonkeyServiceTests {
    private func order(_ faults: [String] = ["db-lock"], leaseS: Double = 2) -> MonkeyOrder {
        MonkeyOrder(
            forS: 120,
            faults: faults,
            gap: MonkeyOrder.Gap(distribution: .uniform, meanS: 1, leastS: 1, mostS: 2),
            leaseLeastS: leaseS,
            leaseMostS: leaseS
        )
    }

    private func begun(_ lab: ChaosLab) async throws -> [MonkeyFiring] {
        try await lab.client.monkey().firings.filter { $0.outcome == .began }
    }

    @Test("It carries out what it drew, in order, and what it is stopped under is taken back")
    func runs() async throws {
        try await PlayedCustomers.with { lab, _ in
            let status = try await lab.client.startMonkey(MonkeyRequest(seed: 7, order: self.order()))
            let plan = try #require(status.plan)
            #expect(plan.seed == 7 && plan.entries.count > 5)
            #expect(try await lab.client.monkeyPlan(plan.id) == plan)
            let second = await #expect(throws: RemoteError.self) {
                try await lab.client.startMonkey(MonkeyRequest(order: self.order()))
            }
            #expect(second?.code == "conflict")
            try await eventually("three have begun", within: .seconds(40)) { try await self.begun(lab).count >= 3 }
            _ = try await lab.client.stopMonkey()
            try await eventually("nothing is just beginning") {
                try await lab.client.monkey().firings.allSatisfy { $0.outcome != .beginning }
            }
            let stopped = try await lab.client.monkey()
            #expect(stopped.state == .stopped && stopped.endedAt != nil)
            #expect(stopped.firings.map(\.entry) == Array(0..<stopped.firings.count))
            try await eventually("all is taken back") { try await lab.client.faults(open: true).isEmpty }
            let faults = try await lab.client.faults()
            for firing in stopped.firings where firing.outcome == .began {
                let (entry, fault) = (plan.entries[firing.entry], faults.first { $0.id == firing.fault })
                #expect(fault?.fault == entry.fault && fault?.target == entry.request.target)
                #expect(fault?.leaseS == entry.request.leaseS)
                let (begun, start) = (try #require(fault?.requestedAt), try #require(stopped.startedAt))
                let late = begun - start - entry.atS
                #expect((-0.1...MonkeyDecision.lateToleranceS).contains(late))
            }
            // Nothing of it comes later.
            #expect(faults.count == stopped.firings.filter { $0.fault != nil }.count)
        }
    }

    @Test(
        "The same seed draws the same plan; a replay has the same entries, and is of this catalogue and topology only"
    )
    func replay() async throws {
        try await PlayedCustomers.with { lab, _ in
            let order = self.order([])
            var plans: [MonkeyPlan] = []
            for seed in [7, 7, 8] as [UInt64] {
                let status = try await lab.client.startMonkey(MonkeyRequest(seed: seed, order: order))
                plans.append(try #require(status.plan))
                _ = try await lab.client.stopMonkey()
            }
            #expect(plans[0].entries == plans[1].entries && plans[0].entries != plans[2].entries)
            #expect(plans[0].id != plans[1].id && plans[0].basis == plans[1].basis)
            let replay = try #require(try await lab.client.startMonkey(MonkeyRequest(replay: plans[0].id)).plan)
            #expect(
                replay.entries == plans[0].entries && replay.order == plans[0].order && replay.replayOf == plans[0].id
            )
            _ = try await lab.client.stopMonkey()
            var other = plans[2]
            other.id = "bbbbbbbbbbbbbbbb"
            other.basis = "another"
            try MonkeyStore(state: lab.state).write(other)
            let refused = await #expect(throws: RemoteError.self) {
                try await lab.client.startMonkey(MonkeyRequest(replay: other.id))
            }
            #expect(refused?.code == "bad_order")
        }
    }

    @Test("While a scored run has a fault open it leaves the run alone")
    func scored() async throws {
        try await PlayedCustomers.with { lab, _ in
            let scored = FaultRequest(target: "cache", leaseS: 60, run: "run-x")
            let fault = try await lab.client.inject("cache-corrupt", scored)
            _ = try await lab.client.startMonkey(MonkeyRequest(seed: 7, order: self.order()))
            try await eventually("one was left out", within: .seconds(20)) {
                try await lab.client.monkey().firings.isEmpty == false
            }
            let stopped = try await lab.client.stopMonkey()
            #expect(stopped.firings.allSatisfy { $0.outcome == .occupied }, "\(stopped.firings)")
            #expect(try await lab.client.fault(fault.id).endedAt == nil)
        }
    }

    @Test("The kill switch ends it, and resuming does not start it again")
    func kill() async throws {
        try await PlayedCustomers.with { lab, _ in
            _ = try await lab.client.startMonkey(MonkeyRequest(seed: 7, order: self.order(leaseS: 60)))
            try await eventually("one has begun", within: .seconds(20)) { try await self.begun(lab).count == 1 }
            let kill = try await lab.client.kill(reason: "drill")
            #expect(kill.clean.count == 1, "\(kill)")
            try await eventually("it has ended") { try await lab.client.monkey().state == .killed }
            let refused = await #expect(throws: RemoteError.self) {
                try await lab.client.startMonkey(MonkeyRequest(order: self.order()))
            }
            #expect(refused?.code == "latched")
            _ = try await lab.client.resume(killID: try #require(kill.killID), reason: "drill is over")
            #expect(try await lab.client.monkey().state == .killed)
            #expect(try await lab.client.faults().count == 1)
        }
    }

    @Test("However short the kill switch was on, nothing of it goes on behind it")
    func shortKill() async throws {
        try await PlayedCustomers.with { lab, _ in
            for _ in 0..<5 {
                _ = try await lab.client.startMonkey(MonkeyRequest(seed: 7, order: self.order()))
                let kill = try await lab.client.kill(reason: "drill", waitS: 0)
                _ = try await lab.client.resume(killID: try #require(kill.killID), reason: "over", force: true)
                #expect(try await lab.client.monkey().state == .killed)
            }
        }
    }

    @Test("An end of the injector interrupts it, and customers that suffer keep its faults away")
    func interrupted() async throws {
        try await PlayedCustomers.with { lab, customers in
            _ = try await lab.client.startMonkey(MonkeyRequest(seed: 7, order: self.order(leaseS: 60)))
            try await eventually("one has begun", within: .seconds(20)) { try await self.begun(lab).count == 1 }
            try await lab.killServer()
            customers.haveBeen(.angry)
            try await lab.start()
            let status = try await lab.client.monkey()
            #expect(status.state == .interrupted && status.reason?.isEmpty == false)
            #expect(try await lab.client.faults(open: true).isEmpty)
            let plan = try #require(status.plan)
            _ = try await lab.client.startMonkey(MonkeyRequest(replay: plan.id))
            try await eventually("one was left out", within: .seconds(20)) {
                try await lab.client.monkey().firings.first?.outcome == .unhealthy
            }
            _ = try await lab.client.stopMonkey()
            #expect(try await lab.client.faults().count == 1)
        }
    }
}
