import OpsModel
import OpsService
import OpsSystem

/// What would become of an action; nothing is stored, and nobody is asked.
extension PolicyDesk {
    /// Under one rule, whether it counts or not, and the autonomy level.
    func evaluate(_ id: String, _ document: JSONValue) async throws -> PolicyAnswer {
        let policy = try await show(id)
        return try await evaluate(document, under: [policy])
    }

    /// Under all rules that count, and the autonomy level.
    func evaluate(_ document: JSONValue) async throws -> PolicyAnswer {
        try await evaluate(document, under: try await store.rules().filter { $0.status == .active })
    }

    private func evaluate(_ document: JSONValue, under policies: [PolicyRecord]) async throws -> PolicyAnswer {
        let asked = try Self.reading { () throws(PolicyProblems) in try PolicyFacts.read(document) }
        let step = ProposedStep(
            action: asked["action.type"]?.stringValue ?? "",
            parameters: document["action"]?.objectValue?.filter { $0.key != "type" } ?? [:]
        )
        let description = try await catalogue().first { $0.name == step.action }
        let facts = PolicyFacts(of: step, as: description).at(.now()).merging(asked)
        let proposal = Proposal(summary: "", options: [ProposedOption(title: "", steps: [step])])
        let basis = try await store.policy().word(on: proposal)
        let rules = PolicySet(policies)
        let begin = ContinuousClock.now
        let ruling = rules.ruling(on: facts)
        durations?.observe((ContinuousClock.now - begin).inSeconds)
        let applied = [basis] + ruling.applied
        let decision = applied.map(\.action).max() ?? .block
        return PolicyAnswer(
            decision: decision,
            reason: "as \(applied.filter { $0.action == decision }.map(\.label).joined(separator: ", ")) has it",
            policies: applied,
            approvalRequiredFrom: decision == .requireApproval ? ruling.requirements : [],
            timeoutMinutes: decision == .requireApproval ? ruling.timeoutMinutes : nil,
            quorum: decision == .requireApproval ? ruling.quorum : nil,
            fourEyes: decision == .requireApproval ? ruling.fourEyes : nil,
            considered: rules.trials(on: facts),
            facts: facts
        )
    }
}
