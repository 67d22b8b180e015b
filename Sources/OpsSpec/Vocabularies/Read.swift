/// One question of the closed vocabulary that agents and runbooks ask in.
public struct Read: Hashable, Sendable {
    /// Its name, always two words joined by a dot.
    public var name: String
    /// The kinds of component it can be asked about; empty when it concerns the whole system.
    public var kinds: Set<ComponentKind>
    /// The unit of its value; nil for words.
    public var unit: String?
    /// The named parts that its answer may carry.
    public var fields: Set<String>
    /// Where a role in the selector goes.
    public var subject: Subject
    /// One line for people.
    public var about: String

    /// What a role such as `callers` in a selector stands for.
    public enum Subject: Sendable, Hashable {
        /// The component itself is replaced by the role: `pool.waiting{callers}`.
        case component
        /// The role becomes a word of the selector: `pg.sessions{callers, active}`.
        case selector
    }

    /// A read as the table below lists it.
    init(
        _ name: String,
        _ kinds: Set<ComponentKind>,
        unit: String?,
        fields: Set<String> = [],
        subject: Subject = .component,
        _ about: String
    ) {
        self.name = name
        self.kinds = kinds
        self.unit = unit
        self.fields = fields
        self.subject = subject
        self.about = about
    }
}
