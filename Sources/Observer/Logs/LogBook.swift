internal import OpsModel

/// What the components log: templates and codes, and which of them are out of the ordinary.
///
/// The ordinary is learnt, late and only from calm: a line counts as normal a quarter of a minute after it was written,
/// if no journey burnt around it. So the first lines of an incident do not teach that incidents are normal.
struct LogBook: Sendable {
    /// One template in the log of one component.
    struct TemplateKey: Hashable, Sendable {
        var component: String
        var instance: String
        var level: String
        var template: Int
        var code: String

        /// The same for all instances of a component.
        var withoutInstance: TemplateKey {
            var key = self
            key.instance = ""
            return key
        }
    }

    /// One code in the log of one component.
    struct CodeKey: Hashable, Sendable {
        var component: String
        var instance: String
        var kind: String
        var code: String
    }

    private(set) var tree = TemplateTree()
    private(set) var templates: [TemplateKey: Activity] = [:]
    private(set) var codes: [CodeKey: Activity] = [:]
    /// Seconds of calm that were learnt from.
    private(set) var calmSeconds = 0.0
    private(set) var sampledAt: Timestamp?
    private(set) var isStarved = false
    private(set) var skippedBytes = 0

    /// Calm needed before anything can be called new.
    static let warmth = 20.0
    /// Age at which a line is judged normal or not.
    static let settlingAge = 15.0

    var isWarm: Bool { calmSeconds >= Self.warmth }

    /// Takes a line and says which template it belongs to; nil for one that nobody needs to look at.
    @discardableResult
    mutating func observe(_ record: LogRecord, component: String, instance: String, at now: Timestamp) -> String? {
        guard record.isNotable else { return nil }
        let moment = min(record.at ?? now, now)
        let template = tree.insert(record.message)
        let key = TemplateKey(
            component: component,
            instance: instance,
            level: record.level,
            template: template,
            code: record.codes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        )
        if templates[key] != nil || templates.count < 4_000 {
            templates[key, default: Activity(at: moment)].add(at: moment)
        }
        for (kind, code) in record.codes where codes.count < 1_000 {
            let key = CodeKey(component: component, instance: instance, kind: kind, code: code)
            codes[key, default: Activity(at: moment)].add(at: moment)
        }
        return tree.text(template)
    }

    /// Closes one look at the logs: learns from what has become old enough.
    mutating func settle(now: Timestamp, lastTrouble: Timestamp?, isStarved: Bool = false, skipped: Int = 0) {
        let isCalm = { (moment: Timestamp) in lastTrouble.map { $0 < moment + -5 } ?? true }
        for key in templates.keys { templates[key]?.settle(now: now, age: Self.settlingAge, isCalm: isCalm) }
        for key in codes.keys { codes[key]?.settle(now: now, age: Self.settlingAge, isCalm: isCalm) }
        if let before = sampledAt, isCalm(now + -Self.settlingAge) { calmSeconds += min(2, max(0, now - before)) }
        sampledAt = now
        self.isStarved = isStarved
        skippedBytes += skipped
    }

    /// Whether something is out of the ordinary: never seen in calm, or five times as frequent as then.
    ///
    /// `normal` counts occurrences in calm, of all instances alike, since what is usual at one is usual at the other.
    func novelty(count: Int, normal: Int, since moment: Timestamp, now: Timestamp) -> Novelty? {
        guard isWarm, count > 0 else { return nil }
        guard normal > 0 else { return .new }
        let usual = Double(normal) / calmSeconds * max(1, now - moment)
        return count >= 5 && Double(count) > 5 * max(usual, 1) ? .surging : nil
    }
}

/// In which way something is out of the ordinary.
enum Novelty: String, Sendable {
    case new
    case surging
}
