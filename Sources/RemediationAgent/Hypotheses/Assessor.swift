internal import OpsModel
internal import OpsSpec

/// Weighs hypotheses against the evidence; pure.
struct Assessor: Sendable {
    let bindings: [Binding]
    let board: EvidenceBoard
    /// What helped before decides between what is equally likely, and nothing else.
    var recollection = Recollection()

    /// Every question that some hypothesis needs answered, each once.
    var questions: [ReadQuery] {
        var seen: Set<ReadQuery> = []
        return bindings.flatMap { binding in
            references(of: binding.runbook).flatMap { binding.bind($0)?.queries ?? [] }
        }.filter { seen.insert($0).inserted }
    }

    /// All hypotheses, the best first: supported before open before refuted, then by how much speaks for them, then the
    /// deeper component, since causes lie below symptoms, then what helped in an incident like this one, then by the search.
    var ranked: [AssessedHypothesis] {
        bindings.flatMap { binding in binding.runbook.hypotheses.map { assess($0, binding) } }
            .enumerated()
            .sorted { rank($0.element, $0.offset) > rank($1.element, $1.offset) }
            .map(\.element)
    }

    private func rank(_ item: AssessedHypothesis, _ offset: Int) -> (Int, Int, Int, Int, Int) {
        let depth = item.binding.neighbourhood.depth(item.component)
        let nearness = recollection.nearness(of: item.key)
        return (item.standing.rawValue, item.weight, depth, nearness, -item.binding.rank * 1_000 - offset)
    }

    private func references(of runbook: Runbook) -> [Reference] {
        var references = runbook.look.map { Reference(path: [$0.alias]) }
        for hypothesis in runbook.hypotheses {
            var conditions = hypothesis.supporting + hypothesis.opposing
            for case .action(let action) in hypothesis.repair {
                conditions += action.unless + action.onlyIf
                references += action.with.values.compactMap(Self.reference)
            }
            references += conditions.map(\.left)
            references += conditions.compactMap { if case .reference(let right) = $0.right { right } else { nil } }
        }
        return references
    }

    /// A parameter that is a read, such as `pg.top_owner.component`.
    static func reference(_ value: JSONValue) -> Reference? {
        guard let text = value.stringValue else { return nil }
        // Any other word is a literal, so failing to read it as a reference is no error.
        guard let reference = try? Reference(parsing: text) else { return nil }
        return ReadVocabulary.split(reference.path) == nil ? nil : reference
    }

    private func assess(_ hypothesis: Runbook.Hypothesis, _ binding: Binding) -> AssessedHypothesis {
        let resolver = BoundResolver(binding: binding, board: board)
        let supporting = hypothesis.supporting.map { finding($0, resolver) }
        let place = CulpritLocator(resolver: resolver, hypothesis: hypothesis).place
        return AssessedHypothesis(
            binding: binding,
            hypothesis: hypothesis,
            component: place.component,
            instances: place.instances,
            supporting: supporting,
            opposing: hypothesis.opposing.map { finding($0, resolver) }
        )
    }

    private func finding(_ condition: Condition, _ resolver: BoundResolver) -> Finding {
        var references = [condition.left]
        if case .reference(let right) = condition.right { references.append(right) }
        return Finding(
            condition: resolver.binding.runbook.expanded(condition),
            truth: condition.evaluate(with: resolver),
            value: resolver.value(of: condition.left),
            evidence: unique(references.flatMap(resolver.evidence))
        )
    }
}
