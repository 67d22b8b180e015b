import OpsModel
import Testing

@testable import ControlPlane

/// A claim is a lease: who is silent for too long loses it, and nothing else is lost.
@Suite struct IncidentClaimTests {
    typealias Story = IncidentStory

    func released(_ record: IncidentRecord, after seconds: Double = 30) throws -> IncidentChange {
        try #require(Story.machine(record, after: seconds).released(listeningSince: Story.start))
    }

    @Test func silenceForTheLeaseFreesTheIncident() throws {
        let claimed = try Story.claimed()
        #expect(Story.machine(claimed, after: 20.9).released(listeningSince: Story.start) == nil)
        let free = try released(claimed, after: 21)
        #expect(free.record.keyHash == nil && free.record.incident.agent == nil)
        #expect(free.record.incident.state == .open)
        #expect(free.events.map(\.type) == ["agent.released"])
        #expect(free.events[0].message == "agent/one was silent for 20 s; another may take over")
    }

    @Test func everyCallBeginsTheLeaseAnew() throws {
        let claimed = try Story.claimed()
        #expect(try Story.machine(claimed, after: 5).renewed(by: "k1") == nil, "not every call has to write")
        let renewed = try #require(try Story.machine(claimed, after: 10).renewed(by: "k1"))
        #expect(renewed.events.isEmpty)
        #expect(Story.machine(renewed.record, after: 29).released(listeningSince: Story.start) == nil)
        #expect(Story.machine(renewed.record, after: 30).released(listeningSince: Story.start) != nil)
        let said = try Story.machine(claimed, after: 3).held(by: "k1").proposed(Story.prepared()).record
        #expect(Story.machine(said, after: 22).released(listeningSince: Story.start) == nil)
    }

    @Test func whoCouldNotBeHeardWasNotSilent() throws {
        let claimed = try Story.claimed()
        #expect(Story.machine(claimed, after: 100).released(listeningSince: Story.start + 90) == nil)
        #expect(Story.machine(claimed, after: 110).released(listeningSince: Story.start + 90) != nil)
    }

    @Test func theOldKeyOpensNothingAndIsToldSo() throws {
        let free = try released(try Story.claimed()).record
        let again = try Story.machine(free, after: 31).claimed(by: "agent/two", keyHash: "k2").record
        #expect(again.lapsedKeys == ["k1"])
        for record in [free, again] {
            let refused = #expect(throws: GateRefusal.self) { try Story.machine(record, after: 32).renewed(by: "k1") }
            #expect(refused?.code == .claimLapsed)
            #expect(refused?.code.status == 409)
            #expect(throws: GateRefusal.self) {
                try Story.machine(record, after: 32).held(by: "k1").proposed(Story.prepared())
            }
        }
        #expect(
            try Story.machine(again, after: 32).held(by: "k2").proposed(Story.prepared()).record.approvals.count == 1
        )
    }

    @Test func theFirstClaimDecidesTheNames() throws {
        for (first, later) in [(nil, 7), (7, nil), (7, 8)] as [(Int?, Int?)] {
            let claimed = try Story.machine(Story.opened())
                .claimed(by: "agent/one", keyHash: "k1", renamedBy: first).record
            #expect(claimed.renameSeed == first && Story.opened().seed(inForce: first) == first)
            let free = try released(claimed).record
            #expect(free.seed(inForce: later) == first)
            let again = try Story.machine(free, after: 31)
                .claimed(by: "agent/two", keyHash: "k2", renamedBy: later).record
            #expect(again.renameSeed == first)
            #expect(again.agents == ["agent/one", "agent/two"])
        }
    }

    @Test func oneHolderAtATime() throws {
        let taken = #expect(throws: GateRefusal.self) {
            try Story.machine(try Story.claimed(), after: 2).claimed(by: "agent/two", keyHash: "k2")
        }
        #expect(taken?.code == .incidentTaken)
        #expect(taken?.message == "another agent works on inc-1", "what agents call themselves is theirs")
    }

    @Test func aQuestionOutlivesItsAgent() throws {
        let orphan = try released(try Story.asked()).record
        #expect(orphan.incident.state == .awaitingApproval)
        let granted = try Story.machine(orphan, after: 31)
            .approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: nil)
        #expect(granted.commands.count == 1)
        let taken = try Story.machine(granted.record, after: 32).claimed(by: "agent/two", keyHash: "k2").record
        #expect(taken.incident.state == .acting, "taking over changes nothing about what is under way")
        let second = #expect(throws: GateRefusal.self) {
            try Story.machine(taken, after: 33).held(by: "k2").proposed(Story.prepared(2))
        }
        #expect(second?.code == .proposalPending)
    }

    @Test func silenceWithNobodyToHearItReturnsTheIncidentToWhoeverAsks() throws {
        let orphan = try released(try Story.asked()).record
        let expired = try #require(Story.machine(orphan, after: 61).ticked()).record
        #expect(expired.incident.state == .open)
        #expect(
            try Story.machine(expired, after: 62).claimed(by: "b", keyHash: "k2").record.incident.state == .diagnosing
        )
    }

    @Test func aClaimWithoutALeaseIsFromBeforeThereWereLeases() throws {
        var old = try Story.claimed()
        old.lease = nil
        #expect(Story.machine(old).released(listeningSince: Story.start) != nil)
    }

    @Test func whatHasEndedIsNotTaken() throws {
        let closed = Story.machine(try Story.claimed()).closed(by: "ann", reason: "drill").record
        #expect(Story.machine(closed, after: 100).released(listeningSince: Story.start) == nil)
    }
}
