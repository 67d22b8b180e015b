import OpsModel

/// What an incident looked like at first sight: pages, log lines of a new shape, and all that was not as it should be.
///
/// Two incidents are as alike as the signs that both have are many among those that either has (Jaccard, "The distribution of
/// the flora in the alpine zone", 1912).
struct IncidentSigns: Hashable, Sendable {
    private(set) var words: Set<String> = []

    init(pages: [Page], evidence: [ReadAnswer]) {
        words = Set(pages.map { "page \($0.journey.isEmpty ? $0.component ?? "" : $0.journey)" })
        var seen: Set<ReadQuery> = []
        for answer in evidence where answer.status == .ok {
            let question = ReadQuery(
                read: answer.read,
                component: answer.component,
                instance: answer.instance,
                selector: answer.selector
            )
            if seen.insert(question).inserted { words.formUnion(Self.signs(answer)) }
        }
    }

    init(_ words: some Sequence<String>) { self.words = Set(words) }

    /// From 0, nothing in common, to 1, the same.
    func likeness(to other: IncidentSigns) -> Double {
        let all = words.union(other.words).count
        return all == 0 ? 0 : Double(words.intersection(other.words).count) / Double(all)
    }

    private static func signs(_ answer: ReadAnswer) -> [String] {
        let place = answer.component ?? answer.selector.joined(separator: " ")
        switch answer.read {
        case "process.state", "probe.result":
            let word = answer.value.stringValue ?? ""
            return ["running", "ok", ""].contains(word) ? [] : ["\(answer.read) \(place) \(word)"]
        case "log.new_templates": return rows(answer, "template").map { "log \(place) \($0)" }
        case "log.code": return rows(answer, "code").map { "code \(place) \($0)" }
        case "journey.failures_by":
            return answer.fields["top"]?.stringValue.map { ["fails \(place) \($0)"] } ?? []
        case "pg.blockers", "pool.waiting", "cache.bad", "queue.depth", "pg.missing_objects":
            return (answer.value.doubleValue ?? 0) > 0 ? ["\(answer.read) \(place)"] : []
        default: return []
        }
    }

    private static func rows(_ answer: ReadAnswer, _ member: String) -> [String] {
        answer.rows.compactMap { $0[member]?.stringValue }
    }
}
