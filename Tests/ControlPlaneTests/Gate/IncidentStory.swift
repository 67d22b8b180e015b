import OpsModel

@testable import ControlPlane

/// The usual incident, step by step, for tests of what may become of it.
enum IncidentStory {
    static let start = Timestamp(microseconds: 1_800_000_000_000_000)

    static func page(_ status: PageStatus = .firing) -> Page {
        Page(fingerprint: "p1", journey: "checkout", status: status, summary: "checkout: 58 % good", startedAt: start)
    }

    static func machine(_ record: IncidentRecord, after seconds: Double = 1) -> IncidentStateMachine {
        IncidentStateMachine(record: record, now: start + seconds)
    }

    static func opened(actions: Int = 4) -> IncidentRecord {
        IncidentStateMachine.open(id: "inc-1", page: page(), autonomy: .approve, actionLimit: actions, now: start)
            .record
    }

    static func claimed() throws -> IncidentRecord {
        try machine(opened()).claimed(by: "agent/one", keyHash: "k1").record
    }

    static func asked(steps: Int = 1) throws -> IncidentRecord {
        try machine(try claimed()).proposed(prepared(steps: steps)).record
    }

    static func approved(steps: Int = 1) throws -> IncidentChange {
        let grants = (1...steps).map { "g\($0)" }
        return try machine(try asked(steps: steps)).approved("apr-1", option: 1, grants: grants, by: "ann", reason: nil)
    }

    static func sent(steps: Int = 1) throws -> IncidentRecord {
        let granted = try approved(steps: steps)
        return machine(granted.record).sending(granted.commands[0])?.record ?? granted.record
    }

    /// A proposal with one option for each list of refusals; an empty list is an option that can be carried out.
    static func prepared(
        _ number: Int = 1,
        verdict: PolicyVerdict = .requireApproval,
        refusals: [String?] = [nil],
        steps: Int = 1,
        epoch: Int = 0
    ) -> PreparedProposal {
        let step = ProposedStep(action: "clear-cache", parameters: ["component": "cache"])
        let shown = ApprovalStep(action: step.action, payload: "", plan: ActionPlan(fingerprint: "f"))
        let option = ProposedOption(title: "clear", steps: Array(repeating: step, count: steps))
        return PreparedProposal(
            id: "pro-\(number)",
            approval: "apr-\(number)",
            proposal: Proposal(summary: "clear", options: refusals.map { _ in option }),
            options: refusals.enumerated().map { index, refusal in
                ApprovalOption(
                    number: index + 1,
                    title: "clear",
                    digest: "d",
                    steps: Array(repeating: shown, count: steps),
                    refusal: refusal
                )
            },
            verdict: verdict,
            expiresAt: start + 60,
            epoch: epoch
        )
    }

    static func result(_ state: ActionState) -> ActionResult {
        ActionResult(run: "run-1", action: "clear-cache", state: state, message: "so it ended", startedAt: start)
    }
}
