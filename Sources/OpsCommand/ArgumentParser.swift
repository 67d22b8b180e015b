/// Turns the words behind a verb into ``ParsedArguments``; pure, and finds the first thing that makes no sense.
struct ArgumentParser {
    let command: any Command.Type
    private var values: [String: [String]] = [:]
    private var positionals: [String] = []
    private var rest: [String] = []

    init(_ command: any Command.Type) {
        self.command = command
    }

    mutating func parse(_ words: [String]) throws(CommandError) -> ParsedArguments {
        var queue = words[...]
        while let word = queue.popFirst() {
            if word == "--" {
                rest = Array(queue)
                break
            } else if word.hasPrefix("--") {
                try long(word.dropFirst(2), &queue)
            } else if word.hasPrefix("-"), word.count > 1 {
                try short(word.dropFirst(), &queue)
            } else {
                try positional(word)
            }
        }
        try checkRequired()
        fillDefaults()
        return ParsedArguments(
            command: command.name,
            positionals: positionals,
            values: values,
            rest: rest,
            names: command.arguments.map(\.name)
        )
    }

    private mutating func long(_ body: Substring, _ queue: inout ArraySlice<String>) throws(CommandError) {
        let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        guard let option = command.options.first(where: { $0.name == name }) else { throw unknown("--\(name)") }
        try take(option, inline: parts.count > 1 ? String(parts[1]) : nil, &queue)
    }

    private mutating func short(_ letters: Substring, _ queue: inout ArraySlice<String>) throws(CommandError) {
        guard let letter = letters.first, letters.count == 1,
            let option = command.options.first(where: { $0.short == letter })
        else { throw unknown("-\(letters)") }
        try take(option, inline: nil, &queue)
    }

    private mutating func take(
        _ option: Option,
        inline: String?,
        _ queue: inout ArraySlice<String>
    ) throws(CommandError) {
        guard let placeholder = option.value else {
            guard inline == nil else { throw .usage("--\(option.name) takes no value") }
            values[option.name] = [""]
            return
        }
        guard let value = inline ?? queue.popFirst() else {
            throw .usage("--\(option.name) needs a value: --\(option.name) \(placeholder)")
        }
        guard option.choices.isEmpty || option.choices.contains(value) else {
            let choices = option.choices.joined(separator: ", ")
            throw .usage("--\(option.name) must be one of \(choices), not '\(Terminal.clean(value))'")
        }
        guard option.repeats || values[option.name] == nil else { throw .usage("--\(option.name) is given twice") }
        values[option.name, default: []].append(value)
    }

    private mutating func positional(_ word: String) throws(CommandError) {
        let declared = command.arguments
        guard positionals.count < declared.count || declared.last?.repeats == true else {
            throw .usage("'\(Terminal.clean(word))' is one argument too many", hint: HelpText.usage(command))
        }
        positionals.append(word)
    }

    private func checkRequired() throws(CommandError) {
        for (index, argument) in command.arguments.enumerated()
        where argument.isRequired && index >= positionals.count {
            throw .usage("\(argument.name) is missing: \(argument.help)", hint: HelpText.usage(command))
        }
    }

    private mutating func fillDefaults() {
        for option in command.options where values[option.name] == nil {
            if let fallback = option.fallback { values[option.name] = [fallback] }
        }
    }

    private func unknown(_ word: String) -> CommandError {
        let known = command.options.map { "--\($0.name)" } + ["--help"]
        let near = known.first { $0.hasPrefix(word) || word.hasPrefix($0) }
        let hint = near.map { "did you mean \($0)?" } ?? "known: \(known.joined(separator: ", "))"
        return .usage("'\(command.name)' has no option \(Terminal.clean(word))", hint: hint)
    }
}
