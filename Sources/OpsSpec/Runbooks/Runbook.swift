public import OpsModel

/// A document about one symptom: prose for people, front matter for machines, and the lines where each part stands.
public struct Runbook: Hashable, Sendable {
    /// Its name, the same as the file's without the ending.
    public var id: String
    /// What is seen, in a few words.
    public var title: String
    /// The kind of component it is about; never a name.
    public var kind: ComponentKind
    /// When somebody last checked that it is still right.
    public var reviewed: Timestamp
    /// What is seen, in sentences.
    public var symptoms: [String]
    /// Reads with short names, in the order written.
    public var look: [Look]
    /// What it may be, at least two.
    public var hypotheses: [Hypothesis]
    /// What not to do here, and why.
    public var never: [Never]
    /// When to stop and hand over.
    public var stopIf: [StopRule]
    /// The prose, by heading.
    public var sections: [Section]
    /// The file as it was named when read.
    public var path: String

    /// A read under a short name.
    public struct Look: Hashable, Sendable {
        /// The short name.
        public var alias: String
        /// What it stands for.
        public var reference: Reference
    }

    /// One explanation of the symptom.
    public struct Hypothesis: Hashable, Sendable {
        /// How the component fails.
        public var mechanism: Mechanism
        /// What must hold.
        public var supporting: [Condition]
        /// What must not.
        public var opposing: [Condition]
        /// What helps, in order.
        public var repair: [Repair]
        /// Where it stands in the file.
        public var lines: ClosedRange<Int>
    }

    /// One step of a repair.
    public enum Repair: Hashable, Sendable {
        /// An action of the catalogue.
        case action(RepairAction)
        /// A person is needed, for this reason.
        case escalate(String)
    }

    /// An action and when it is right.
    public struct RepairAction: Hashable, Sendable {
        /// Its name in the catalogue.
        public var action: String
        /// Its parameters; words may be roles or reads.
        public var with: [String: JSONValue]
        /// If one of these holds: escalate instead.
        public var unless: [Condition]
        /// All of these must hold, or the step is left out.
        public var onlyIf: [Condition]
        /// What should hold afterwards.
        public var thenExpect: [Condition]
    }

    /// Something tempting that does harm.
    public struct Never: Hashable, Sendable {
        /// The action.
        public var action: String
        /// Why not.
        public var because: String
    }

    /// A heading with its prose.
    public struct Section: Hashable, Sendable {
        /// The heading without its marks.
        public var title: String
        /// The lines it takes, heading included.
        public var lines: ClosedRange<Int>
        /// Its text.
        public var text: String
    }

    /// A reference with its short name replaced by what it stands for; what `look` does not know stays as it is.
    public func expanded(_ reference: Reference) -> Reference {
        guard ReadVocabulary.split(reference.path) == nil, let first = reference.path.first,
            let look = look.first(where: { $0.alias == first })
        else { return reference }
        let rest = Array(reference.path.dropFirst())
        let selector = reference.selector.isEmpty ? look.reference.selector : reference.selector
        if selector.isEmpty { return Reference(path: look.reference.path + rest + reference.tail) }
        return Reference(
            path: look.reference.path,
            selector: selector,
            tail: look.reference.tail + rest + reference.tail
        )
    }

    /// A condition with the short names on both sides written out.
    public func expanded(_ condition: Condition) -> Condition {
        var result = condition
        result.left = expanded(condition.left)
        if case .reference(let right) = condition.right { result.right = .reference(expanded(right)) }
        return result
    }

    /// True when nobody has reviewed it for a year.
    public func isStale(at moment: Timestamp) -> Bool { moment - reviewed > 365 * 86_400 }

    /// Reads a runbook file.
    public static func load(_ path: String) throws(SpecProblems) -> Runbook {
        try parse(try readDocument(path), file: path)
    }
}

/// When an agent stops trying and hands over.
public enum StopRule: Hashable, Sendable, CustomStringConvertible {
    /// So many repairs were tried.
    case repairsTried(Int)
    /// A read became smaller after a repair.
    case falls(Reference)
    /// A read became larger after a repair.
    case rises(Reference)

    private static let numbers = ["one": 1, "two": 2, "three": 3, "four": 4]

    /// Reads `two repairs tried`, or `READ falls after a repair`.
    public init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        if words.count == 3, words[1].hasPrefix("repair"), words[2] == "tried", let first = words.first {
            guard let count = Self.numbers[first] ?? Int(first), count > 0 else { return nil }
            self = .repairsTried(count)
            return
        }
        guard words.suffix(3) == ["after", "a", "repair"], words.count >= 5 else { return nil }
        let subject = words.dropLast(4).joined(separator: " ")
        guard let reference = try? Reference(parsing: subject) else { return nil }  // no reference: no rule of ours
        switch words[words.count - 4] {
        case "falls": self = .falls(reference)
        case "rises": self = .rises(reference)
        default: return nil
        }
    }

    /// The text that reads back as this rule.
    public var description: String {
        switch self {
        case .repairsTried(let count): "\(count) repairs tried"
        case .falls(let reference): "\(reference) falls after a repair"
        case .rises(let reference): "\(reference) rises after a repair"
        }
    }
}
