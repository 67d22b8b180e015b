/// An option of a verb: `--name VALUE`, or `--name` alone when it takes no value.
public struct Option: Sendable {
    /// The long name without hyphens.
    public var name: String
    /// The one-letter name.
    public var short: Character?
    /// What the value is called in help; nil for a switch.
    public var value: String?
    /// One line of help.
    public var help: String
    /// What is used when the option is absent.
    public var fallback: String?
    /// The only values that are taken; empty for any.
    public var choices: [String]
    /// True when the option may be given more than once.
    public var repeats: Bool

    /// An option with a value.
    public static func value(
        _ name: String,
        _ value: String,
        short: Character? = nil,
        default fallback: String? = nil,
        choices: [String] = [],
        repeats: Bool = false,
        help: String
    ) -> Option {
        Option(
            name: name,
            short: short,
            value: value,
            help: help,
            fallback: fallback,
            choices: choices,
            repeats: repeats
        )
    }

    /// A switch: present or absent.
    public static func flag(_ name: String, short: Character? = nil, help: String) -> Option {
        Option(name: name, short: short, value: nil, help: help, fallback: nil, choices: [], repeats: false)
    }

    /// `--json`, for verbs whose output a script would read.
    public static let json = Option.flag("json", help: "print one JSON document instead of text")

    /// How the option looks in help: `-s, --seed N`.
    var spelling: String {
        let long = value.map { "--\(name) \($0)" } ?? "--\(name)"
        return short.map { "-\($0), \(long)" } ?? "    \(long)"
    }
}
