internal import OpsModel
internal import OpsSpec

/// Puts what was weighed into the words of the gate: the cause, how sure, on what evidence, and what it is not.
struct DiagnosisWriter: Sendable {
    let ranked: [AssessedHypothesis]
    let symptoms: [Symptom]
    let now: Timestamp
    /// What is cited beside the evidence where it named the same cause.
    var recollection = Recollection()

    /// How sure one may be of a hypothesis that is supported.
    ///
    /// High needs two independent conditions and no rival; a rival is another supported cause that is no consequence of this
    /// one, which is to say that does not lie with somebody who needs the component.
    func confidence(in hypothesis: AssessedHypothesis) -> Confidence {
        guard hypothesis.standing == .supported else { return .low }
        let rivals = ranked.filter { other in
            other.standing == .supported && other.key != hypothesis.key && other.mechanism != .none
                && !isConsequence(other, of: hypothesis) && other.weight >= hypothesis.weight
        }
        let isSure = rivals.isEmpty && hypothesis.weight >= 2 && !hypothesis.binding.runbook.isStale(at: now)
        return isSure ? .high : .medium
    }

    /// The diagnosis for the gate.
    func diagnosis(_ hypothesis: AssessedHypothesis) -> Diagnosis {
        let runbook = hypothesis.binding.runbook
        let lines = hypothesis.hypothesis.lines
        return Diagnosis(
            component: hypothesis.component,
            instance: hypothesis.instances.count == 1 && hasSeveralInstances(hypothesis)
                ? hypothesis.instances.first : nil,
            mechanism: hypothesis.mechanism.rawValue,
            confidence: confidence(in: hypothesis),
            statement: statement(hypothesis),
            evidence: hypothesis.evidence + remembered(hypothesis),
            citations: [
                Citation(
                    runbook: runbook.id,
                    path: runbook.path,
                    firstLine: lines.lowerBound,
                    lastLine: lines.upperBound
                )
            ],
            ruledOut: ruledOut(besides: hypothesis.key)
        )
    }

    /// One sentence: where, how, and what shows it.
    func statement(_ hypothesis: AssessedHypothesis) -> String {
        let place =
            hasSeveralInstances(hypothesis) && !hypothesis.instances.isEmpty
            ? hypothesis.instances.joined(separator: ", ") : hypothesis.component
        let facts = hypothesis.supporting.filter { $0.truth == .yes }.map(\.text).joined(separator: "; ")
        return "\(place): \(hypothesis.mechanism.rawValue), because \(facts)"
    }

    private func remembered(_ hypothesis: AssessedHypothesis) -> [String] {
        recollection.nearness(of: hypothesis.key) > 0 ? [recollection.evidence].compactMap(\.self) : []
    }

    /// Explanations that the evidence speaks against, those first that something spoke for.
    func ruledOut(besides key: HypothesisKey?) -> [RuledOut] {
        var seen: Set<HypothesisKey> = key.map { [$0] } ?? []
        let refuted = ranked.filter { $0.standing == .refuted && $0.mechanism != .none }
        let ordered = refuted.filter { $0.weight > 0 } + refuted.filter { $0.weight == 0 }
        return ordered.filter { seen.insert($0.key).inserted }.prefix(8).map { hypothesis in
            let against = hypothesis.refutations.first
            return RuledOut(
                component: hypothesis.component,
                mechanism: hypothesis.mechanism.rawValue,
                because: against?.text ?? "",
                evidence: against?.evidence ?? []
            )
        }
    }

    /// A hand-over with everything that is known.
    func escalation(_ reason: String, about hypothesis: AssessedHypothesis?) -> Escalation {
        let isBorne = hypothesis?.standing == .supported
        let shown = Localisation(symptoms: symptoms).component
        let suspect = isBorne ? hypothesis?.component : shown ?? hypothesis?.component
        let notDone = hypothesis.map { item in
            item.binding.runbook.never.map {
                RejectedOption(action: $0.action, component: item.component, because: $0.because)
            }
        }
        let mechanism = hypothesis.flatMap { item in
            item.standing == .refuted || item.component != suspect ? nil : item.mechanism.rawValue
        }
        return Escalation(
            reason: reason,
            component: suspect,
            mechanism: mechanism,
            found: unique(symptoms.filter { $0.weight > 0 || $0.component == nil }.map(\.finding)).prefix(12).map(
                \.self
            ),
            ruledOut: ruledOut(besides: hypothesis?.key),
            notDone: notDone ?? [],
            evidence: unique((hypothesis?.evidence ?? []) + symptoms.compactMap(\.evidence))
        )
    }

    private func hasSeveralInstances(_ hypothesis: AssessedHypothesis) -> Bool {
        (hypothesis.binding.neighbourhood.component(hypothesis.component)?.instances.count ?? 0) > 1
    }

    /// Whoever needs a broken component looks broken too.
    private func isConsequence(_ other: AssessedHypothesis, of cause: AssessedHypothesis) -> Bool {
        var frontier: Set<String> = [other.component]
        var seen = frontier
        while !frontier.isEmpty {
            let names = frontier.flatMap { other.binding.neighbourhood.component($0)?.needs ?? [] }
            frontier = Set(names).subtracting(seen)
            if frontier.contains(cause.component) { return true }
            seen.formUnion(frontier)
        }
        return false
    }
}

/// Where the trouble most likely is when no runbook explains it: the component that most symptoms point at.
struct Localisation: Sendable {
    let symptoms: [Symptom]

    /// The component, of several the one that was noticed first; nil when no symptom points anywhere.
    var component: String? {
        var weights: [String: Int] = [:]
        for symptom in symptoms where symptom.weight > 0 {
            if let name = symptom.component { weights[name, default: 0] += symptom.weight }
        }
        guard let heaviest = weights.values.max() else { return nil }
        return symptoms.compactMap(\.component).first { weights[$0] == heaviest }
    }
}
