internal import OpsModel
internal import OpsSpec

/// What helped in earlier incidents that looked like this one: a hint where to look first, and never a reason to act.
struct Recollection: Sendable {
    /// The name of the answer that it came from.
    private(set) var evidence: String?
    /// Explanations that were borne out, the nearest incident first.
    private var explanations: [HypothesisKey] = []
    /// The runbooks that they came from, in the same order.
    private var runbooks: [String] = []

    /// Nothing is remembered.
    init() {}

    /// Takes from an answer to `past.incidents` the incidents that ended well.
    init(_ answer: ReadAnswer?) {
        guard let answer, answer.status == .ok else { return }
        evidence = answer.evidence
        for row in answer.rows where row["state"]?.stringValue == "recovered" {
            let mechanism = row["mechanism"]?.stringValue.flatMap(Mechanism.init)
            if let mechanism, let component = row["component"]?.stringValue {
                explanations.append(HypothesisKey(component: component, mechanism: mechanism))
            }
            if let runbook = row["runbook"]?.stringValue { runbooks.append(runbook) }
        }
    }

    /// How near the incident was in which this explanation was right: 0 for none, more for nearer ones.
    func nearness(of key: HypothesisKey) -> Int {
        explanations.firstIndex(of: key).map { explanations.count - $0 } ?? 0
    }

    /// The same hits, those first that helped before.
    func ordered(_ hits: [RunbookHit]) -> [RunbookHit] {
        let known = unique(runbooks).compactMap { id in hits.first { $0.id == id } }
        return known + hits.filter { hit in !known.contains { $0.id == hit.id } }
    }
}
