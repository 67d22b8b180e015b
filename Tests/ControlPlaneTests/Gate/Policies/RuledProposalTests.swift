import AgentOps
import OpsModel
import Testing

@testable import ControlPlane

/// Rules narrow what the autonomy level left open, and never widen it.
@Suite struct RuledProposalTests {
    typealias Story = IncidentStory

    static func record(_ id: String, _ type: String, _ action: PolicyAction, _ more: JSONValue = [:]) -> PolicyRecord {
        let rule: [String: JSONValue] = [
            "conditions": [["field": "action.type", "operator": "equals", "value": .string(type)]],
            "action": .string(action.rawValue),
        ]
        return PolicyRecord(
            id: id,
            version: 2,
            name: id,
            description: "a reason",
            status: .active,
            ruleDefinition: .object(rule.merging(more.objectValue ?? [:]) { $1 }),
            createdBy: "ann",
            createdAt: Story.start
        )
    }

    /// A proposal with one option for each name of an action.
    static func asked(
        _ types: [String],
        _ verdict: PolicyVerdict = .requireApproval,
        refusals: [String?]? = nil
    ) -> PreparedProposal {
        var prepared = Story.prepared(verdict: verdict, refusals: refusals ?? types.map { _ in nil })
        for (index, type) in types.enumerated() {
            prepared.options[index].facts = [PolicyFacts(["action.type": .string(type)])]
        }
        prepared.basis = AppliedPolicy(id: "default", version: 7, name: "autonomy", action: action(of: verdict))
        return prepared
    }

    static func action(of verdict: PolicyVerdict) -> PolicyAction {
        switch verdict {
        case .allow: .allow
        case .requireApproval: .requireApproval
        case .simulate: .simulate
        case .block: .block
        }
    }

    static let bases: [PolicyVerdict] = [
        .allow(grants: ["g"]), .requireApproval, .simulate(reason: "level"), .block(reason: "level"),
    ]

    /// Every level's word with every rule on each of two options.
    @Test func neverWiderThanTheLevelNorThanTheRules() throws {
        let words: [PolicyAction?] = [nil] + PolicyAction.allCases
        for base in Self.bases {
            for first in words {
                for second in words {
                    let records = [("a", first), ("b", second)].compactMap { type, action in
                        action.map { Self.record("pol-\(type)", type, $0) }
                    }
                    let ruled = RuledProposal(Self.asked(["a", "b"], base), under: PolicySet(records), at: Story.start)
                    let got = Self.action(of: ruled.prepared.verdict)
                    let mildest = min(first ?? .allow, second ?? .allow)
                    #expect(got >= Self.action(of: base), "\(base) \(words)")
                    #expect(got >= mildest, "\(base) \(String(describing: first)) \(String(describing: second))")
                    if got == .allow {
                        #expect(first ?? .allow == .allow, "only the first option is carried out unasked")
                    }
                    for (option, word) in zip(ruled.prepared.options, [first, second]) {
                        #expect((option.refusal != nil) == ((word ?? .allow) > .requireApproval))
                    }
                    if first == nil, second == nil { #expect(got == Self.action(of: base)) }
                    #expect(ruled.policies.map(\.id) == ["default"] + records.map(\.id))
                }
            }
        }
    }

    @Test func anOptionThatIsBlockedIsKeptFromAPersonAndTheOtherIsAsked() throws {
        let rules = PolicySet([Self.record("freeze", "a", .block)])
        let change = try Story.machine(try Story.claimed()).proposed(Self.asked(["a", "b"]), under: rules)
        #expect(change.record.proposals[0].outcome.state == .pending)
        #expect(change.record.approvals[0].options[0].refusal == "blocked by policy freeze (freeze v2): a reason")
        #expect(change.record.approvals[0].options[1].refusal == nil)
        let refused = #expect(throws: GateRefusal.self) {
            try Story.machine(change.record).approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: nil)
        }
        #expect(refused?.code == .optionRefused)
    }

    @Test func theDecisionStandsInRecordEventAndChain() throws {
        let rules = PolicySet([Self.record("freeze", "a", .block), Self.record("other", "b", .block)])
        let change = try Story.machine(try Story.claimed()).proposed(Self.asked(["a"]), under: rules)
        #expect(change.record.proposals[0].outcome.state == .blocked)
        let decision = try #require(change.record.proposals[0].policy)
        #expect(decision.decision == .block)
        #expect(decision.policies.map(\.label) == ["autonomy (default v7)", "freeze (freeze v2)"])
        let event = try #require(change.events.first { $0.type == "policy.decided" })
        #expect(event.message == "block: blocked by policy freeze (freeze v2): a reason")
        let entry = try #require(IncidentRecording.entry(event, of: change.record))
        #expect(entry.actor == .policy("freeze") && entry.action == "policy.decided")
    }

    @Test func anActionOfSeveralStepsIsAsStrictAsItsStrictest() throws {
        var asked = Self.asked(["a"], .allow(grants: ["g"]))
        asked.options[0].facts.append(PolicyFacts(["action.type": "b"]))
        let rules = PolicySet([Self.record("fine", "a", .allow), Self.record("ask", "b", .requireApproval)])
        #expect(RuledProposal(asked, under: rules, at: Story.start).prepared.verdict == .requireApproval)
        let fine = PolicySet([Self.record("fine", "a", .allow)])
        #expect(RuledProposal(asked, under: fine, at: Story.start).prepared.verdict == .allow(grants: ["g"]))
    }

    @Test func whatALevelAllowsAndNoRuleNarrowsBegins() throws {
        let rules = PolicySet([Self.record("fine", "a", .allow)])
        let allowed = Self.asked(["a"], .allow(grants: ["g"]))
        let change = try Story.machine(try Story.claimed()).proposed(allowed, under: rules)
        #expect(change.commands.count == 1 && change.record.incident.state == .acting)
        #expect(change.record.proposals[0].policy?.decision == .allow)
    }

    @Test func aRuleSaysHowLongAPersonHas() throws {
        let rules = PolicySet([
            Self.record("hour", "a", .requireApproval, ["timeout_minutes": 60]),
            Self.record("quarter", "a", .requireApproval, ["timeout_minutes": 15]),
            Self.record("gone", "b", .block),
        ])
        let ruled = RuledProposal(Self.asked(["a", "b"]), under: rules, at: Story.start)
        #expect(ruled.prepared.expiresAt - Story.start == 15 * 60)
        let untouched = RuledProposal(Self.asked(["c"]), under: rules, at: Story.start)
        #expect(untouched.prepared.expiresAt == Story.start + 60)
    }

    // MARK: whoever approves

    private static let roles = ApproverRoles(people: ["ann", "bob", "eve"], roles: ["dba": ["bob", "eve"]])

    private func approved(by person: String, _ asked: IncidentRecord, now rules: PolicySet = .empty) -> GateRefusal? {
        do throws(GateRefusal) {
            _ = try Story.machine(asked).approved(
                "apr-1",
                option: 1,
                grants: ["g"],
                by: person,
                reason: nil,
                under: rules,
                roles: Self.roles
            )
            return nil
        } catch {
            return error
        }
    }

    @Test func onlyThoseThatARuleWantsApprove() throws {
        let wanted: JSONValue = ["approval_required_from": ["role:dba", "person:ann"]]
        let also: JSONValue = ["approval_required_from": ["person:bob", "person:ann"]]
        let rules = PolicySet([
            Self.record("one", "a", .requireApproval, wanted), Self.record("two", "a", .requireApproval, also),
        ])
        let asked = try Story.machine(try Story.claimed()).proposed(Self.asked(["a"]), under: rules).record
        #expect(approved(by: "ann", asked) == nil && approved(by: "bob", asked) == nil)
        let refused = approved(by: "eve", asked)
        #expect(refused?.code == .approverNotAllowed && refused?.code.status == 403)
        #expect(refused?.message.contains("person:bob or person:ann") == true)
        let nobody = PolicySet([Self.record("x", "a", .requireApproval, ["approval_required_from": ["role:gone"]])])
        let lost = try Story.machine(try Story.claimed()).proposed(Self.asked(["a"]), under: nobody).record
        #expect(approved(by: "ann", lost)?.code == .approverNotAllowed, "a role that is gone is nobody's")
    }

    @Test func theOperatorsRoleIsEverybodysWhoseKeyIsAccepted() throws {
        let rule = PolicySet([Self.record("x", "a", .requireApproval, ["approval_required_from": ["role:operator"]])])
        let asked = try Story.machine(try Story.claimed()).proposed(Self.asked(["a"]), under: rule).record
        #expect(approved(by: "eve", asked) == nil)
        #expect(approved(by: "mallory", asked)?.code == .approverNotAllowed)
    }

    @Test func aRuleThatCameAfterTheQuestionHoldsForTheAnswer() throws {
        let asked = try Story.machine(try Story.claimed()).proposed(Self.asked(["a"])).record
        #expect(approved(by: "ann", asked) == nil)
        let frozen = approved(by: "ann", asked, now: PolicySet([Self.record("freeze", "a", .block)]))
        #expect(frozen?.code == .optionRefused)
        #expect(frozen?.message.contains("blocked by policy freeze (freeze v2): a reason") == true)
        let later: JSONValue = ["approval_required_from": ["person:bob"]]
        let narrowed = PolicySet([Self.record("later", "a", .requireApproval, later)])
        #expect(approved(by: "ann", asked, now: narrowed)?.code == .approverNotAllowed)
        #expect(approved(by: "bob", asked, now: narrowed) == nil)
    }

    // MARK: what is known of a step

    @Test func factsComeFromPlanAndCatalogueBeforeTheAgentsWords() throws {
        let description = ActionDescription(
            name: "restart-db",
            version: 1,
            title: "",
            parameters: ["properties": ["component": ["enum": ["db"]]]],
            kinds: [],
            risk: "high",
            downtimeS: 5,
            undo: "",
            isReversible: false
        )
        let step = ProposedStep(action: "restart-db", parameters: ["risk": "low", "type": "harmless", "at_most": 3])
        let plan = ActionPlan(facts: ["process.db-1": [:]], fingerprint: "f", risk: "medium")
        let record = try Story.claimed()
        let proposal = Proposal(summary: "", options: [], evidence: ["ev-1", "ev-1", "ev-2"])
        let moment = try #require(Timestamp("2026-11-23T12:00:00Z"))
        let facts = PolicyFacts(of: step, planned: plan, as: description, in: proposal, of: record, at: moment)
        let expected: [String: JSONValue] = [
            "action.type": "restart-db", "action.component": "db", "action.instance": ["db-1"], "action.risk": "high",
            "action.reversible": false, "action.at_most": 3, "agent.name": "one", "evidence.count": 2,
            "incident.journey": ["checkout"], "incident.severity": ["page"], "incident.component": [],
            "incident.actions_left": 4, "time.weekday": "mon", "time.hour": 12,
        ]
        for (field, value) in expected { #expect(facts[field] == value, "\(field)") }
        #expect(facts["diagnosis.confidence"] == nil)
    }
}
