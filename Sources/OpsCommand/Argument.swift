/// A positional argument of a verb.
public struct Argument: Sendable {
    /// What it is called in help.
    public var name: String
    /// One line of help.
    public var help: String
    /// False when it may be left out.
    public var isRequired: Bool
    /// True when it takes all that follow; only for the last.
    public var repeats: Bool

    /// An argument that must be given unless told otherwise.
    public init(_ name: String, help: String, isRequired: Bool = true, repeats: Bool = false) {
        self.name = name
        self.help = help
        self.isRequired = isRequired
        self.repeats = repeats
    }

    /// How the argument looks in the usage line.
    var spelling: String {
        let word = repeats ? "\(name)…" : name
        return isRequired ? word : "[\(word)]"
    }
}
