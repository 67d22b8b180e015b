/// One comparison of the runbooks' language, such as `pg.root_blocker.xact_age > 2s` or `waiting{callers} == 0 within 2s`.
///
/// There is no and, or, not, arithmetic or template in it. Whoever needs them writes two hypotheses.
public struct Condition: Hashable, Sendable {
    /// How the two sides are compared.
    public enum Relation: String, Hashable, Sendable, CaseIterable {
        case atLeast = ">="
        case atMost = "<="
        case equal = "=="
        case unequal = "!="
        case above = ">"
        case below = "<"
    }

    /// What is asked.
    public var left: Reference
    /// The comparison; nil when the left side alone is the question.
    public var relation: Relation?
    /// What it is compared with.
    public var right: Operand?
    /// How long the world has to make it true.
    public var within: Duration?

    /// A condition put together from its parts.
    public init(left: Reference, relation: Relation? = nil, right: Operand? = nil, within: Duration? = nil) {
        self.left = left
        self.relation = relation
        self.right = right
        self.within = within
    }

    /// The right-hand side of a comparison.
    public enum Operand: Hashable, Sendable {
        /// Another answer.
        case reference(Reference)
        /// A number, possibly with a unit, as it was written.
        case number(String, Quantity)
        /// A word.
        case word(String)

        /// The text that reads back as this operand.
        public var description: String {
            switch self {
            case .reference(let reference): reference.description
            case .number(let text, _): text
            case .word(let word): word
            }
        }
    }
}

/// A read, or a name given to one under `look`, with its selector and field.
public struct Reference: Hashable, Sendable, CustomStringConvertible {
    /// Everything before the selector: `pg.sessions`, `blockers`, `slow.ratio`.
    public var path: [String]
    /// The words in braces.
    public var selector: [String]
    /// Whatever follows the selector: `{callers}.ratio`.
    public var tail: [String]

    /// A reference by its parts.
    public init(path: [String], selector: [String] = [], tail: [String] = []) {
        self.path = path
        self.selector = selector
        self.tail = tail
    }

    /// The text that reads back as this reference.
    public var description: String {
        let braces = selector.isEmpty ? "" : "{\(selector.joined(separator: ", "))}"
        return path.joined(separator: ".") + braces + tail.map { ".\($0)" }.joined()
    }
}

extension Condition: CustomStringConvertible {
    /// The text that reads back as this condition.
    public var description: String {
        var text = left.description
        if let relation, let right { text += " \(relation.rawValue) \(right.description)" }
        if let within { text += " within \(within.goStyle)" }
        return text
    }
}
