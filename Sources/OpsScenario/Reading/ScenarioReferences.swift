internal import OpsModel
internal import OpsSpec
internal import OpsYAML

/// Checks what one part of a scenario says about another.
struct ScenarioReferences {
    let scenario: Scenario
    let sink: Diagnostics
    let root: YAMLNode

    func check() {
        checkRoles()
        checkReplay()
        checkDraws()
        checkLeases()
        checkEnd()
        checkProof()
        checkApprovers()
        checkWords()
    }

    private func mark(_ key: String) -> YAMLMark { root[key]?.mark ?? root.mark }

    private func checkRoles() {
        let known = Set(scenario.roles.map(\.name))
        let causes = ([scenario.expect.cause].compactMap(\.self) + scenario.expect.alsoRight).map(\.component)
        let used =
            scenario.injections.map(\.target) + causes.flatMap(RoleBinding.ends)
            + [scenario.judge.replay?.run].compactMap(\.self)
        for role in Set(used).subtracting(known).sorted() where !role.isEmpty {
            sink.report(
                "'\(role)' is no role of this scenario",
                at: mark("needs"),
                hint: "roles: \(known.joined(separator: ", "))"
            )
        }
    }

    /// Only a batch job can be told to run again.
    private func checkReplay() {
        guard let name = scenario.judge.replay?.run, let role = scenario.roles.first(where: { $0.name == name }),
            role.kind != .batch
        else { return }
        sink.report(
            "what runs again has to be a batch job, and '\(name)' is of kind \(role.kind.rawValue)",
            at: mark("judge"),
            hint: "a role of kind batch under 'needs'"
        )
    }

    private func checkDraws() {
        DrawReferences(scope: ScenarioScope(scenario), sink: sink, root: root).check()
    }

    /// What a run takes whose approver says nothing: a question open for a minute, and a moment before and after it.
    private static let silence = Duration.seconds(90)

    /// A lease that could end inside the run would repair it; the budget counts from the last fault.
    private func checkLeases() {
        let spread = Duration.milliseconds(Int((scenario.injectionSpreadS * 1_000).rounded(.up)))
        let isSilent = scenario.approvers.contains("never") && scenario.expect.end == .repaired
        let budget = isSilent ? max(scenario.judge.budget, Self.silence) : scenario.judge.budget
        let needed = budget + scenario.judge.window + spread
        let parts = spread > .zero ? "budget, window and the time between the faults" : "budget and window"
        for injection in scenario.injections where injection.lease <= needed {
            sink.report(
                "the lease of \(injection.fault) must be longer than \(parts) together (\(needed.goStyle))",
                at: mark("inject")
            )
        }
        for injection in scenario.injections { checkLasting(injection) }
    }

    /// What ends by itself ends after some time, and before its lease.
    private func checkLasting(_ injection: Scenario.Injection) {
        guard let lasting = injection.lasting else { return }
        let bounds = scenario.bounds(lasting)
        guard bounds.lowerBound <= 0 || bounds.upperBound >= injection.lease / .seconds(1) else { return }
        sink.report("'for' of \(injection.fault) has to be a time that is shorter than its lease", at: mark("inject"))
    }

    private func checkEnd() {
        let expect = scenario.expect
        let hasFault = scenario.injections.contains { $0.lasting == nil }
        switch expect.end {
        case .repaired where !hasFault || expect.cause == nil || expect.repairs.isEmpty:
            sink.report(
                "an end 'repaired' needs a fault that stays, a cause and at least one repair",
                at: mark("expect")
            )
        case .escalated where !hasFault || expect.cause == nil:
            sink.report(
                "an end 'escalated' needs a fault that stays and the cause that has to be named",
                at: mark("expect")
            )
        case .untouched where hasFault || expect.cause != nil:
            sink.report(
                "an end 'untouched' is for controls, in which nothing is left to be repaired",
                at: mark("expect"),
                hint: "leave 'cause' out, and give each fault a time after which it is over by itself, such as for: 4s"
            )
        case .untouched where expect.page != nil && scenario.injections.isEmpty:
            sink.report("nothing pages where nothing is injected", at: mark("expect"), hint: "leave 'page' out")
        default: break
        }
    }

    /// An oracle is worth what it says to doing nothing and to the right repair.
    private func checkProof() {
        let nothing = scenario.proof.contains { $0.actions.isEmpty }
        let passes = scenario.proof.contains { Verdict(rawValue: $0.verdict)?.isPass == true }
        if !nothing { sink.report("'proof' needs an entry that does nothing: {do: [], verdict: …}", at: mark("proof")) }
        if !passes { sink.report("'proof' needs an entry that passes", at: mark("proof")) }
        if scenario.proof.contains(where: { $0.actions.dropLast().contains(where: \.isHandOver) }) {
            sink.report("nothing comes after {escalate: …}: a hand-over ends the incident", at: mark("proof"))
        }
    }

    private func checkApprovers() {
        let known = Scenario.approverWords
        for word in scenario.approvers where !known.contains(word) {
            sink.report(
                "no such approver: \(word)",
                at: mark("approvers"),
                hint: "one of \(known.sorted().joined(separator: ", "))"
            )
        }
    }

    /// Words that a run would pass over, or fail over much later.
    private func checkWords() {
        let scope = ScenarioScope(scenario)
        FaultReferences(scope: scope, sink: sink, root: root).check()
        DecoyReferences(scope: scope, sink: sink, root: root).check(scenario.difficulty)
        let draws = DrawReferences(scope: scope, sink: sink, root: root)
        RepairReferences(scope: scope, draws: draws, sink: sink, root: root).check()
        ProofReferences(scope: scope, sink: sink, root: root).check()
    }
}
