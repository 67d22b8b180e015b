import OpsYAML

/// Reads settings in the order flag, environment, file, default, and remembers every problem until the end.
///
/// Read all settings first and call `finish()` then: what nobody has read by that time is an unknown key.
public struct ConfigurationReader {
    /// Variables that belong to the command line as a whole, not to one service.
    static let sharedVariables: Set<String> = [
        "OPSLAB_BUILD", "OPSLAB_HOME", "OPSLAB_INSTANCE", "OPSLAB_LABS", "OPSLAB_STRICT",
    ]

    private let sources: ConfigurationSources
    private(set) var declared: [DeclaredSetting] = []
    private var sections: [String] = []
    private var problems: [Problem]

    /// Gathers what was said; a file that cannot be read is the first problem.
    public init(arguments: [String], environment: [String: String] = [:]) {
        self.sources = ConfigurationSources(arguments: arguments, environment: environment)
        self.problems = self.sources.problems
    }

    /// The value of a setting; the default when nothing, or nothing readable, was said.
    public mutating func read<Value>(_ setting: Setting<Value>) -> Value {
        self.declared.append(DeclaredSetting(setting))
        guard let said = self.sources.value(flag: setting.flag, variable: setting.variable, key: setting.key) else {
            if setting.isRequired { self.report(ConfigurationSources.missing(setting.key, setting.flag)) }
            return setting.defaultValue
        }
        if let value = setting.parse(said.text) { return value }
        self.report(said.problem("\(setting.key): expected \(setting.expected), found '\(said.text)'"))
        return setting.defaultValue
    }

    /// Whether anything was said below this key: a section that is absent as a whole may mean "do without".
    public mutating func hasSection(_ prefix: String) -> Bool {
        self.sections.append(prefix)
        return self.sources.hasSection(prefix)
    }

    /// The members of a mapping whose keys are free, such as addresses by name.
    public mutating func table(_ prefix: String, help: String) -> [String: String] {
        self.sections.append(prefix)
        self.declared.append(DeclaredSetting(table: prefix, help: help))
        return self.sources.table(prefix)
    }

    /// Adds a problem that only the whole shows, such as two settings that exclude each other.
    public mutating func report(_ message: String, hint: String? = nil) {
        self.report(ConfigurationSources.problem(message, hint: hint))
    }

    /// Throws all problems at once, those of unknown keys included.
    public mutating func finish() throws(ConfigurationError) {
        // A section that was only asked for, and never read, is somebody else's business.
        let foreign = self.sections.filter { section in !self.declared.contains { $0.key.hasPrefix(section + ".") } }
        let tables = self.declared.filter(\.isTable).map(\.key) + foreign
        let all = self.problems + self.sources.unknown(declared: self.declared, tables: tables)
        if !all.isEmpty { throw ConfigurationError(problems: all) }
    }

    private mutating func report(_ problem: Problem) { self.problems.append(problem) }
}

/// What `--help` and the check for unknown keys need of a setting.
struct DeclaredSetting {
    let key: String
    let flag: String
    let variable: String
    let help: String
    let defaultText: String
    let isTable: Bool

    init<Value>(_ setting: Setting<Value>) {
        self.key = setting.key
        self.flag = setting.flag
        self.variable = setting.variable
        self.help = setting.help
        self.defaultText = setting.isRequired ? "required" : Self.text(setting.defaultValue)
        self.isTable = false
    }

    init(table prefix: String, help: String) {
        self.key = prefix
        self.flag = "--" + prefix.replacing("_", with: "-") + "-NAME"
        self.variable = ""
        self.help = help
        self.defaultText = "none"
        self.isTable = true
    }

    private static func text(_ value: some Any) -> String {
        switch value {
        case let value as Duration: return DurationText.format(value)
        case let value as [String]: return value.isEmpty ? "none" : value.joined(separator: ",")
        case let value as String: return value.isEmpty ? "none" : value
        case let value as any RawRepresentable<String>: return value.rawValue
        default:
            let text = "\(value)"
            return text == "nil" ? "none" : text
        }
    }
}
