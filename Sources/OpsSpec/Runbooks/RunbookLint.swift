public import OpsModel
public import OpsYAML

/// Checks that need more than one runbook's own text: contradiction, age, names that must not occur.
public struct RunbookLint: Sendable {
    /// The moment that decides what is stale.
    public var now: Timestamp
    /// Words that a runbook must not contain in its front matter: components, faults, scenarios.
    public var forbidden: Set<String>

    /// A lint for a moment and a system.
    public init(now: Timestamp, forbidden: Set<String> = []) {
        self.now = now
        self.forbidden = forbidden
    }

    /// What is wrong with a runbook that could be read.
    public func problems(of runbook: Runbook) -> [Problem] {
        var problems: [Problem] = []
        if !hasContradiction(runbook) {
            problems.append(
                Problem(
                    file: runbook.path,
                    message: "no two hypotheses contradict each other, so no read can tell them apart",
                    hint: "give one an 'against' that is the other's 'for'"
                )
            )
        }
        if Set(runbook.hypotheses.map(\.mechanism)).count < 2 {
            problems.append(Problem(file: runbook.path, message: "all hypotheses name the same mechanism"))
        }
        let missing = ["Meaning", "Impact", "Diagnosis", "Mitigation", "Rollback"].filter { title in
            !runbook.sections.contains { $0.title == title }
        }
        if !missing.isEmpty {
            problems.append(Problem(file: runbook.path, message: "the prose lacks \(missing.joined(separator: ", "))"))
        }
        return problems + names(runbook)
    }

    /// What a reader should know although nothing is wrong: nobody has reviewed it for a year.
    public func warnings(of runbook: Runbook) -> [Problem] {
        guard runbook.isStale(at: now) else { return [] }
        let day = "\(runbook.reviewed)".prefix(10)
        return [Problem(file: runbook.path, message: "stale: last reviewed on \(day), more than a year ago")]
    }

    private func hasContradiction(_ runbook: Runbook) -> Bool {
        let all = runbook.hypotheses
        for (index, first) in all.enumerated() {
            for second in all.dropFirst(index + 1) where contradict(first, second, runbook) { return true }
        }
        return false
    }

    private func contradict(_ a: Runbook.Hypothesis, _ b: Runbook.Hypothesis, _ runbook: Runbook) -> Bool {
        let (forA, forB) = (expand(a.supporting, runbook), expand(b.supporting, runbook))
        let excluded = forA.contains { x in forB.contains { x.excludes($0) } }
        return excluded || oppose(forA, expand(b.opposing, runbook)) || oppose(forB, expand(a.opposing, runbook))
    }

    /// True when something that supports one speaks against the other, on the same read.
    private func oppose(_ supporting: [Condition], _ opposing: [Condition]) -> Bool {
        supporting.contains { x in opposing.contains { $0.left == x.left && !$0.excludes(x) } }
    }

    private func expand(_ conditions: [Condition], _ runbook: Runbook) -> [Condition] {
        conditions.map { condition in
            var expanded = condition
            expanded.left = runbook.expanded(condition.left)
            return expanded
        }
    }

    private func names(_ runbook: Runbook) -> [Problem] {
        var words: [String] = []
        for hypothesis in runbook.hypotheses {
            for condition in hypothesis.supporting + hypothesis.opposing {
                words += condition.left.selector
                if case .word(let word) = condition.right { words.append(word) }
            }
            for case .action(let action) in hypothesis.repair { words += action.with.values.compactMap(\.stringValue) }
        }
        return Set(words).intersection(forbidden).sorted().map { name in
            Problem(
                file: runbook.path,
                message: "names '\(name)', which belongs to one system",
                hint: "use a role: callers, caller"
            )
        }
    }
}
