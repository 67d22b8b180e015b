import OpsRuntime

/// What became of one effect, or of several that ended alike.
struct EffectReport: Codable, Hashable, Sendable {
    /// A line names so many details of those that ended alike.
    private static let examples = 3
    private static let longestDetail = 400

    var resource: String
    var outcome: String
    var detail: String?
    /// How many effects this stands for; a line written before there was a count stands for one.
    var count: Int?

    init(_ effect: Effect, _ outcome: EffectOutcome) {
        self.resource = effect.resource.name
        self.outcome = outcome.word
        self.detail = outcome.explanation
    }

    /// The same without what may be put in other words each time.
    var withoutDetail: EffectReport {
        var report = self
        report.detail = nil
        return report
    }

    /// The same in few words: one report for each resource and outcome, with a count and the first details.
    ///
    /// A fault may have thousands of effects, and the line that closes it has to fit into the room kept for it.
    static func summary(of reports: [EffectReport]) -> [EffectReport] {
        let kinds = Dictionary(grouping: reports) { [$0.resource, $0.outcome] }
        return kinds.sorted { $0.key.lexicographicallyPrecedes($1.key) }.compactMap { _, alike in
            var report = alike.first
            report?.count = alike.reduce(0) { $0 + ($1.count ?? 1) }
            report?.detail = self.examples(of: alike)
            return report
        }
    }

    /// How many effects ended in which way.
    static func counts(_ reports: [EffectReport]) -> [String: Int] {
        Dictionary(grouping: reports, by: \.outcome).mapValues { $0.reduce(0) { $0 + ($1.count ?? 1) } }
    }

    private static func examples(of reports: [EffectReport]) -> String? {
        var details: [String] = []
        for detail in reports.lazy.compactMap(\.detail) where !details.contains(detail) {
            details.append(String(detail.prefix(self.longestDetail)))
            if details.count == self.examples { break }
        }
        return details.isEmpty ? nil : details.joined(separator: "; ")
    }
}
