import OpsModel
import OpsTrust
import Testing

@testable import ControlPlane

/// What becomes of a question that several people have to answer; no database, no clock.
@Suite struct VoteTests {
    typealias Story = IncidentStory

    private static let people = Electorate(
        ring: KeyRing(
            [("ann", nil), ("phone", "ann"), ("bob", nil), ("cid", nil)].map { name, maker in
                TrustedKey(name: name, role: .approver, publicKey: SigningKey.generate().publicKey, mintedBy: maker)
            }
        ),
        startedBy: "ann"
    )

    private static func rules(_ more: JSONValue) -> PolicySet {
        PolicySet([RuledProposalTests.record("pol-a", "a", .requireApproval, more)])
    }

    private static func asked(_ more: JSONValue, startedBy: String? = "ann", options: Int = 1) throws -> IncidentRecord
    {
        var prepared = RuledProposalTests.asked(Array(repeating: "a", count: options))
        prepared.startedBy = startedBy
        return try Story.machine(try Story.claimed()).proposed(prepared, under: rules(more)).record
    }

    private static func yes(
        _ record: IncidentRecord,
        _ name: String,
        option: Int = 1,
        after seconds: Double = 5,
        among electorate: Electorate = people,
        under rules: PolicySet = .empty
    ) throws(GateRefusal) -> IncidentChange {
        try Story.machine(record, after: seconds).approved(
            "apr-1",
            option: option,
            grants: ["g-\(name)"],
            by: name,
            keyID: "k-\(name)",
            reason: nil,
            under: rules,
            roles: .none,
            among: electorate
        )
    }

    private static func refusal(_ body: () throws -> IncidentChange) -> GateRefusal.Code? {
        do {
            _ = try body()
            return nil
        } catch { return (error as? GateRefusal)?.code }
    }

    @Test func nothingBeginsBeforeTheLastYes() throws {
        let record = try Self.asked(["quorum": 3])
        #expect(record.approvals[0].approval.quorum == 3 && record.approvals[0].options[0].quorum == 3)
        var change = try Self.yes(record, "ann")
        #expect(change.commands.isEmpty && change.events.map(\.type) == ["approval.voted"])
        #expect(change.record.approvals[0].approval.state == .pending && change.record.execution == nil)
        #expect(change.record.incident.state == .awaitingApproval)
        change = try Self.yes(change.record, "bob", after: 6)
        #expect(change.commands.isEmpty && change.events[0].payload["votes"] == 2)
        change = try Self.yes(change.record, "cid", after: 7)
        #expect(change.events.map(\.type) == ["approval.granted", "action.requested"])
        #expect(change.commands.map(\.grant) == ["g-ann g-bob g-cid"])
        let approval = change.record.approvals[0].approval
        #expect(approval.state == .approved && approval.decidedBy == ["ann", "bob", "cid"])
        #expect(approval.votes.map(\.keyID) == ["k-ann", "k-bob", "k-cid"])
        #expect(approval.votes.map(\.at) == [5, 6, 7].map { Story.start + $0 })
        #expect(change.record.ballots == nil && change.record.proposals[0].decidedBy == ["ann", "bob", "cid"])
    }

    @Test func onePersonHasOneYesUnderWhateverName() throws {
        for (first, second) in [("ann", "ann"), ("ann", "phone"), ("phone", "ann")] {
            let voted = try Self.yes(try Self.asked(["quorum": 2]), first).record
            #expect(Self.refusal { try Self.yes(voted, second) } == .alreadyVoted, "\(first) \(second)")
        }
        let voted = try Self.yes(try Self.asked(["quorum": 2], options: 2), "ann").record
        #expect(Self.refusal { try Self.yes(voted, "ann", option: 2) } == .alreadyVoted, "nor to another option")
    }

    @Test func yesesToDifferentOptionsDoNotAddUp() throws {
        var record = try Self.yes(try Self.asked(["quorum": 2], options: 2), "ann").record
        let change = try Self.yes(record, "bob", option: 2)
        #expect(change.commands.isEmpty)
        record = change.record
        let last = try Self.yes(record, "cid", option: 2)
        #expect(last.commands.map(\.grant) == ["g-bob g-cid"])
        #expect(last.record.approvals[0].approval.decidedBy == ["bob", "cid"])
    }

    @Test func aNoOfAnyoneEndsIt() throws {
        let voted = try Self.yes(try Self.asked(["quorum": 2, "four_eyes": true]), "bob").record
        for name in ["ann", "bob", "phone", "operator"] {
            let denied = try Story.machine(voted, after: 6).denied("apr-1", by: name, reason: "no").record
            #expect(denied.approvals[0].approval.state == .denied && denied.ballots == nil)
            #expect(Self.refusal { try Self.yes(denied, "cid", after: 7) } == .approvalDecided)
        }
    }

    @Test func oneOfTwoIsNotEnoughInTimeAndThatIsNoDenial() throws {
        let voted = try Self.yes(try Self.asked(["quorum": 2]), "ann").record
        let told = try #require(Story.machine(voted, after: 58).ticked())
        #expect(told.events.isEmpty == false && told.events[0].type == "approval.escalated")
        let record = try #require(Story.machine(told.record, after: 100).ticked()).record
        let approval = record.approvals[0].approval
        #expect(approval.state == .expired && approval.decidedBy.isEmpty && approval.votes.count == 1)
        #expect(approval.reason?.contains("1 of 2") == true && record.ballots == nil)
        #expect(record.proposals[0].outcome.state == .expired && record.execution == nil)
        #expect(Self.refusal { try Self.yes(record, "bob", after: 101) } == .approvalExpired)
    }

    @Test func whoStartedTheLabMayNotDecideUnderAnyKey() throws {
        let record = try Self.asked(["four_eyes": true])
        #expect(record.approvals[0].options[0].barred == ["ann"] && record.approvals[0].approval.fourEyes)
        #expect(Self.refusal { try Self.yes(record, "ann") } == .fourEyes)
        #expect(Self.refusal { try Self.yes(record, "phone") } == .fourEyes)
        #expect(Self.refusal { try Self.yes(record, "operator") } == .approverNotAllowed, "a key that people share")
        #expect(try Self.yes(record, "bob").commands.count == 1)
    }

    @Test func withoutAStarterFourEyesAreRefused() throws {
        let record = try Self.asked(["four_eyes": true], startedBy: nil)
        #expect(record.approvals.isEmpty && record.proposals[0].outcome.state == .blocked)
        #expect(record.proposals[0].outcome.reason?.contains("nobody knows who started") == true)
    }

    @Test func aRuleThatCameLaterHoldsForTheAnswer() throws {
        let record = try Self.asked([:])
        #expect(Self.refusal { try Self.yes(record, "bob", under: Self.rules(["quorum": 2])) } == .optionRefused)
        #expect(Self.refusal { try Self.yes(record, "ann", under: Self.rules(["four_eyes": true])) } == .fourEyes)
        #expect(try Self.yes(record, "bob", under: Self.rules(["four_eyes": true])).commands.count == 1)
    }

    @Test func theMostPeopleThatAnyRuleWants() throws {
        let rules = PolicySet(
            [2, 4, 3].map { RuledProposalTests.record("pol-\($0)", "a", .requireApproval, ["quorum": .int($0)]) }
        )
        let ruled = RuledProposal(RuledProposalTests.asked(["a"]), under: rules, at: Story.start)
        #expect(ruled.prepared.options[0].quorum == 4 && ruled.prepared.verdict == .requireApproval)
    }

    @Test func aYesWhoseKeyWasTakenAwayCountsNoMore() throws {
        let voted = try Self.yes(try Self.asked(["quorum": 2]), "ann").record
        var fallen = Self.people
        fallen.stands = { ballot, _ in ballot.root != "ann" }
        let change = try Self.yes(voted, "bob", among: fallen)
        #expect(change.commands.isEmpty && change.events.map(\.type) == ["approval.vote_dropped", "approval.voted"])
        #expect(change.record.approvals[0].approval.votes.map(\.person) == ["bob"])
        #expect(try Self.yes(change.record, "cid", after: 6).commands.map(\.grant) == ["g-bob g-cid"])
    }

    @Test func aStopVoidsWhatWasHalfDecided() throws {
        let voted = try Self.yes(try Self.asked(["quorum": 2]), "ann").record
        let stopped = try #require(Story.machine(voted, after: 6).stopped(by: "bob", epoch: 1)).record
        #expect(stopped.approvals[0].approval.state == .superseded && stopped.ballots == nil)
        #expect(Self.refusal { try Self.yes(stopped, "bob") } == .approvalDecided)
    }
}
