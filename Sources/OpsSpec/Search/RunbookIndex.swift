public import OpsModel

/// The runbooks of one folder, searchable; the same in Observer and at the shell.
public struct RunbookIndex: Sendable {
    /// The runbooks by id.
    public let runbooks: [Runbook]
    private let index: SearchIndex
    private let now: Timestamp

    /// Indexes runbooks; `now` decides which are shown as stale.
    public init(_ runbooks: [Runbook], now: Timestamp) {
        self.runbooks = runbooks.sorted { $0.id < $1.id }
        self.now = now
        index = SearchIndex(self.runbooks.map(Self.document))
    }

    private static func document(_ runbook: Runbook) -> SearchIndex.Document {
        let hypotheses = runbook.hypotheses.map { hypothesis in
            let conditions = (hypothesis.supporting + hypothesis.opposing).map(\.description).joined(separator: " ")
            return SearchIndex.Part(lines: hypothesis.lines, text: "\(hypothesis.mechanism.rawValue) \(conditions)")
        }
        let prose = runbook.sections.map { SearchIndex.Part(lines: $0.lines, text: $0.text) }
        return SearchIndex.Document(
            id: runbook.id,
            title: runbook.title,
            symptoms: runbook.symptoms + [runbook.kind.rawValue],
            parts: hypotheses + prose
        )
    }

    /// The runbook of that name.
    public func runbook(_ id: String) -> Runbook? { runbooks.first { $0.id == id } }

    /// The best runbooks for a description of symptoms, best first.
    public func search(_ question: String, limit: Int = 10) -> [RunbookHit] {
        index.search(question, limit: limit).compactMap { hit in
            guard let runbook = runbook(hit.id) else { return nil }
            return RunbookHit(
                id: runbook.id,
                title: runbook.title,
                path: runbook.path,
                score: hit.score,
                firstLine: hit.lines?.lowerBound ?? 1,
                lastLine: hit.lines?.upperBound ?? 1,
                isStale: runbook.isStale(at: now)
            )
        }
    }
}
