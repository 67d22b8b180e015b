/// One thing a service lets people choose: declared where it is used, listed by `--help`.
///
/// The key `record.host` is the flag `--record-host`, the variable `OPSLAB_RECORD_HOST`, and `host` below `record` in the file.
public struct Setting<Value: Sendable>: Sendable {
    /// The dotted name.
    public let key: String
    /// What holds when nobody says anything, and in the meantime when a required setting is missing.
    public let defaultValue: Value
    /// One line for `--help`.
    public let help: String
    /// Whether it is an error when nobody says anything.
    public let isRequired: Bool
    /// What a value looks like, completing "expected …".
    public let expected: String
    let parse: @Sendable (String) -> Value?

    /// Declares a setting; `parse` answers nil for text that is no value.
    public init(
        _ key: String,
        default defaultValue: Value,
        help: String,
        required: Bool = false,
        expected: String,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.key = key
        self.defaultValue = defaultValue
        self.help = help
        self.isRequired = required
        self.expected = expected
        self.parse = parse
    }

    var flag: String { "--" + self.key.replacing(".", with: "-").replacing("_", with: "-") }
    var variable: String { "OPSLAB_" + self.key.replacing(".", with: "_").replacing("-", with: "_").uppercased() }
}
