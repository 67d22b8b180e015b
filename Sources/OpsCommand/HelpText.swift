/// Writes help: pure text, the same on every machine, so that golden files can hold it.
enum HelpText {
    /// The help of a program: its verbs with one line each.
    static func program(_ name: String, about: String, commands: [any Command.Type]) -> String {
        let width = commands.map { $0.name.count }.max() ?? 0
        let rows = commands.map { "  \(pad($0.name, width))  \($0.summary)" }
        return """
            \(about)

            Usage: \(name) VERB [options]

            \(rows.joined(separator: "\n"))

            '\(name) VERB --help' explains one verb.
            \(ExitCode.legend)
            """
    }

    /// The help of one verb.
    static func verb(_ command: any Command.Type, program: String) -> String {
        var parts = ["\(command.summary).", "Usage: \(program) \(usageTail(command))"]
        if !command.discussion.isEmpty { parts.append(command.discussion) }
        if !command.arguments.isEmpty {
            parts.append(section("Arguments", command.arguments.map { ($0.spelling, $0.help) }))
        }
        let options = command.options.map { ($0.spelling, detail($0)) } + [("-h, --help", "print this and do nothing")]
        parts.append(section("Options", options))
        parts.append(ExitCode.legend)
        return parts.joined(separator: "\n\n")
    }

    /// The usage line of a verb, for hints.
    static func usage(_ command: any Command.Type) -> String { "usage: \(usageTail(command))" }

    private static func usageTail(_ command: any Command.Type) -> String {
        let words = [command.name] + command.arguments.map(\.spelling) + (command.options.isEmpty ? [] : ["[options]"])
        return words.joined(separator: " ")
    }

    private static func detail(_ option: Option) -> String {
        var text = option.help
        if !option.choices.isEmpty { text += " (\(option.choices.joined(separator: ", ")))" }
        if let fallback = option.fallback { text += " (default \(fallback))" }
        return text
    }

    private static func section(_ title: String, _ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return "\(title):\n" + rows.map { "  \(pad($0.0, width))  \($0.1)" }.joined(separator: "\n")
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
