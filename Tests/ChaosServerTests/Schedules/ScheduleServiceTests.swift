import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Schedules of a real injector", .serialized)
struct ScheduleServiceTests {
    @Test("A due time that the injector was down for begins once it is up, and never again, whoever is killed")
    func once() async throws {
        try await PlayedCustomers.with { lab, _ in
            try await lab.killServer()
            try lab.leave(.now("one"))
            try await lab.start()
            try await eventually("it has begun") { try await lab.schedule("one")?.firings.last?.outcome == .began }
            let fault = try #require(try await lab.schedule("one")?.firings.last?.fault)
            #expect(try await lab.client.fault(fault).endedAt == nil)
            try await lab.killServer()
            try await self.startAndTick(lab, "after")
            #expect(try await lab.client.fault(fault).endedAt != nil)
            #expect(try await lab.schedule("one")?.firings.map(\.outcome) == [.began])
            #expect(try lab.count(of: "db-lock") == 1)
        }
    }

    @Test("Killed at any moment around a due time, it begins at most once")
    func killed() async throws {
        try await PlayedCustomers.with { lab, _ in
            var chance = SeededGenerator(seed: 5)
            var outcomes: [FiringOutcome] = []
            try await lab.killServer()
            for round in 0..<10 {
                let before = try lab.count(of: "db-lock")
                try lab.leave(.now("round\(round)", leaseS: 5))
                try await lab.start()
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...600, using: &chance)))
                try await lab.killServer()
                try await self.startAndTick(lab, "tick\(round)")
                let firings = try #require(try await lab.schedule("round\(round)")).firings
                #expect(firings.count == 1, "seed 5, round \(round): \(firings)")
                outcomes += firings.map(\.outcome)
                #expect(try lab.count(of: "db-lock") <= before + 1, "seed 5, round \(round)")
                _ = try await lab.client.removeSchedule("round\(round)")
                try await eventually("all is over") { try await lab.client.faults(open: true).isEmpty }
                try await lab.killServer()
            }
            try await lab.start()
            #expect(Set(outcomes).isSubset(of: [.began, .interrupted]), "\(outcomes)")
        }
    }

    /// Starts the server, and waits until it has looked at what is due: a schedule that was missed says so.
    private func startAndTick(_ lab: ChaosLab, _ name: String) async throws {
        var marker = FaultSchedule.now(name)
        marker.cron = "0 0 1 1 *"
        marker.lateToleranceS = 5
        try lab.leave(marker, undecidedFor: 400 * 86_400)
        try await lab.start()
        try await eventually("it has looked") { try await lab.schedule(name)?.firings.first?.outcome == .missed }
    }

    @Test("Customers that suffer, or say nothing, keep a due fault away, and it is written down why")
    func gate() async throws {
        try await PlayedCustomers.with { lab, customers in
            for (mood, outcome) in [(PlayedCustomers.Mood.angry, FiringOutcome.unhealthy), (.silent, .unchecked)] {
                customers.haveBeen(mood)
                try await lab.killServer()
                try lab.leave(.now(outcome.rawValue))
                try await lab.start()
                try await eventually("it is decided") {
                    try await lab.schedule(outcome.rawValue)?.firings.isEmpty == false
                }
                let firing = try #require(try await lab.schedule(outcome.rawValue)?.firings.first)
                #expect(firing.outcome == outcome && firing.reason?.isEmpty == false, "\(firing)")
            }
            #expect(try await lab.client.faults().isEmpty)
            // A person is not asked for healthy customers.
            _ = try await lab.client.inject("db-lock", FaultRequest(target: "db", leaseS: 5))
        }
    }

    @Test("While the kill switch is on due times are missed, and resuming brings none of them back")
    func latched() async throws {
        try await PlayedCustomers.with { lab, _ in
            let kill = try await lab.client.kill(reason: "drill")
            try await lab.killServer()
            try lab.leave(.now("one"))
            try await lab.start()
            try await eventually("it is missed") { try await lab.schedule("one")?.firings.first?.outcome == .missed }
            _ = try await lab.client.resume(killID: try #require(kill.killID), reason: "drill is over")
            try await lab.killServer()
            try await self.startAndTick(lab, "after")
            #expect(try await lab.schedule("one")?.firings.map(\.outcome) == [.missed])
            #expect(try await lab.client.faults().isEmpty)
        }
    }

    @Test("The next one waits for the end of the last, and removing a schedule ends its fault")
    func overlap() async throws {
        try await PlayedCustomers.with { lab, _ in
            try await lab.killServer()
            var schedule = FaultSchedule.now("each-minute", leaseS: 120)
            schedule.cron = "* * * * *"
            try lab.leave(schedule, undecidedFor: 120)
            try await lab.start()
            try await eventually("the second is decided") {
                try await (lab.schedule("each-minute")?.firings.count ?? 0) >= 2
            }
            let firings = try #require(try await lab.schedule("each-minute")).firings
            #expect(firings.prefix(2).map(\.outcome) == [.began, .overlap], "\(firings)")
            let status = try await lab.client.removeSchedule("each-minute")
            let fault = try #require(status.firings.first?.fault)
            #expect(try await lab.client.fault(fault).endCause == "request")
        }
    }

    @Test("A fault that meets its abort condition ends, and its firing says why")
    func abort() async throws {
        try await PlayedCustomers.with { lab, customers in
            try await lab.killServer()
            var schedule = FaultSchedule.now("one", leaseS: 100)
            schedule.abort = AbortConditions(brokenS: 2)
            try lab.leave(schedule)
            try await lab.start()
            try await eventually("it has begun") { try await lab.schedule("one")?.firings.last?.outcome == .began }
            customers.become(.angry)
            try await eventually("it was ended", within: .seconds(20)) {
                try await lab.schedule("one")?.firings.last?.aborted != nil
            }
            let firing = try #require(try await lab.schedule("one")?.firings.last)
            #expect(firing.aborted?.contains("broke its objective") == true)
            let record = try await lab.client.fault(try #require(firing.fault))
            #expect(record.state == .reverted && record.endCause == "request")
        }
    }
}
