import GateClient
import OpsModel
import Testing

@testable import ControlPlane

/// A question that nobody answers for half of its time.
@Suite struct ApprovalEscalationTests {
    typealias Story = IncidentStory

    /// Asked one second after the start, over sixty after it.
    private func asked(from named: [[String]] = []) throws -> IncidentRecord {
        var record = try Story.asked()
        record.approvals[0].options[0].requiredFrom = named.map { ApproverRequirement(policy: "p v1", from: $0) }
        return record
    }

    @Test func itIsToldOnceAndStaysOpen() throws {
        let record = try asked()
        #expect(Story.machine(record, after: 30.4).ticked() == nil)
        let change = try #require(Story.machine(record, after: 30.5).ticked())
        #expect(change.events.map(\.type) == ["approval.escalated"])
        #expect(change.record.approvals[0].approval.state == .pending)
        #expect(change.record.approvals[0].approval.escalatedAt == Story.start + 30.5)
        #expect(change.record.incident.state == .awaitingApproval)
        #expect(Story.machine(change.record, after: 59).ticked() == nil, "once")
        let late = try #require(Story.machine(change.record, after: 60).ticked())
        #expect(late.events.map(\.type) == ["approval.expired"])
        let granted = try Story.machine(change.record, after: 40)
            .approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: nil)
        #expect(granted.record.approvals[0].approval.state == .approved)
    }

    @Test func oneThatWasNotLookedAtInTimeIsOver() throws {
        #expect(Story.machine(try asked(), after: 61).ticked()?.events.map(\.type) == ["approval.expired"])
        let denied = try Story.machine(try asked()).denied("apr-1", by: "ann", reason: "no").record
        #expect(Story.machine(denied, after: 40).ticked() == nil)
    }

    @Test(
        "Those are told whom the policies name behind the first",
        arguments: [
            ([], ["role:operator"]), ([["role:dba"]], ["role:dba"]),
            ([["role:dba", "person:ann", "person:bob"]], ["person:ann", "person:bob"]),
            ([["role:dba"], ["person:ann", "role:dba"]], ["person:ann"]),
        ] as [([[String]], [String])]
    )
    func tells(_ named: [[String]], _ told: [String]) throws {
        let change = Story.machine(try asked(from: named), after: 40).ticked()
        #expect(change?.record.approvals[0].approval.escalatedTo == told)
        #expect(change?.events.first?.payload["to"] == .array(told.map { .string($0) }))
    }

    @Test func overTheWirePeopleSeeItAndTheChainKeepsIt() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.person.set(AutonomySetting(level: .approve, approvalTimeoutS: 5))
            let claim = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal())
            let id = try #require(receipt.approval)
            try await bench.until { try await bench.person.approval(id).approval.escalatedAt != nil }
            let approval = try await bench.person.approval(id).approval
            #expect(approval.escalatedTo == ["role:operator"])
            #expect(try await bench.person.events(of: incident).contains { $0.type == "approval.escalated" })
            let rows = try await bench.person.audit(AuditFilter(action: "approval.escalated")).rows
            #expect(rows.map(\.actor) == ["gate"] && rows.first?.target == incident)
        }
    }
}
