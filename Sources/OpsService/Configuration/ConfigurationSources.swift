import OpsSystem
import OpsYAML

/// Flags, environment and file as flat tables of text, each entry with the place it was said at.
struct ConfigurationSources {
    struct Said {
        let text: String
        let source: String
        var mark: YAMLMark?
        var line: String?

        func problem(_ message: String, hint: String? = nil) -> Problem {
            Problem(
                file: self.source,
                line: self.mark?.line ?? 0,
                column: self.mark?.column ?? 0,
                message: message,
                hint: hint,
                source: self.line
            )
        }
    }

    private(set) var problems: [Problem] = []
    private var flags: [String: Said] = [:]
    private var variables: [String: Said] = [:]
    private var file: [String: Said] = [:]

    init(arguments: [String], environment: [String: String]) {
        for (name, value) in environment where name.hasPrefix("OPSLAB_") {
            self.variables[name] = Said(text: value, source: "environment")
        }
        self.takeFlags(arguments)
        if let path = self.flags.removeValue(forKey: "--config")?.text { self.takeFile(path) }
    }

    func value(flag: String, variable: String, key: String) -> Said? {
        self.flags[flag] ?? self.variables[variable] ?? self.file[key]
    }

    func hasSection(_ prefix: String) -> Bool {
        let flag = "--" + prefix.replacing(".", with: "-").replacing("_", with: "-") + "-"
        let variable = "OPSLAB_" + prefix.replacing(".", with: "_").uppercased() + "_"
        return self.file.keys.contains { $0.hasPrefix(prefix + ".") } || self.flags.keys.contains { $0.hasPrefix(flag) }
            || self.variables.keys.contains { $0.hasPrefix(variable) }
    }

    func table(_ prefix: String) -> [String: String] {
        var members: [String: String] = [:]
        for (key, said) in self.file where key.hasPrefix(prefix + ".") {
            members[String(key.dropFirst(prefix.count + 1))] = said.text
        }
        let flag = "--" + prefix.replacing("_", with: "-") + "-"
        for (key, said) in self.flags where key.hasPrefix(flag) {
            members[String(key.dropFirst(flag.count))] = said.text
        }
        return members
    }

    func unknown(declared: [DeclaredSetting], tables: [String]) -> [Problem] {
        let flags = Set(declared.map(\.flag))
        let variables = Set(declared.map(\.variable))
        let keys = Set(declared.map(\.key))
        let tableFlags = tables.map { "--" + $0.replacing("_", with: "-") + "-" }
        let unknownFlags = self.flags.filter { flag in
            !flags.contains(flag.key) && !tableFlags.contains { flag.key.hasPrefix($0) }
        }
        let unknownVariables = self.variables.filter {
            !variables.contains($0.key) && !ConfigurationReader.sharedVariables.contains($0.key)
        }
        let unknownKeys = self.file.filter { entry in
            !keys.contains(entry.key) && !tables.contains { entry.key.hasPrefix($0 + ".") }
        }
        return self.problems(unknownFlags, "flag", flags) + self.problems(unknownVariables, "variable", variables)
            + self.problems(unknownKeys, "key", keys)
    }

    static func problem(_ message: String, hint: String? = nil) -> Problem {
        Problem(file: "configuration", message: message, hint: hint)
    }

    static func missing(_ key: String, _ flag: String) -> Problem {
        self.problem("\(key) is required", hint: "give \(flag) or set it in the file that --config names")
    }

    private func problems(_ unknown: [String: Said], _ kind: String, _ known: Set<String>) -> [Problem] {
        unknown.sorted { ($0.value.mark ?? .start, $0.key) < ($1.value.mark ?? .start, $1.key) }.map { key, said in
            let hint = Spelling.nearest(to: key, among: known).map { "did you mean \($0)?" }
            return said.problem("unknown \(kind) \(key)", hint: hint ?? "--help lists what is known")
        }
    }

    private mutating func takeFlags(_ arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--"), argument.count > 2 else {
                self.problems.append(Said(text: argument, source: "flags").problem("unexpected argument '\(argument)'"))
                continue
            }
            if let equals = argument.firstIndex(of: "=") {
                self.flags[String(argument[..<equals])] = Said(
                    text: String(argument[argument.index(after: equals)...]),
                    source: "flags"
                )
            } else if let value = rest.first, !value.hasPrefix("--") {
                self.flags[argument] = Said(text: value, source: "flags")
                rest.removeFirst()
            } else {
                self.flags[argument] = Said(text: "true", source: "flags")
            }
        }
    }

    private mutating func takeFile(_ path: String) {
        do {
            let text = try FileSystem.text(path, limit: 1 << 20)
            let document = try YAMLDocument.parse(text, file: path)
            self.flatten(document.root, into: "", document)
        } catch let error as YAMLError {
            self.problems += error.problems
        } catch {
            self.problems.append(Said(text: path, source: path).problem("\(error)"))
        }
    }

    private mutating func flatten(_ node: YAMLNode, into key: String, _ document: YAMLDocument) {
        if let pairs = node.mapping {
            for pair in pairs {
                self.flatten(pair.value, into: key.isEmpty ? pair.key : "\(key).\(pair.key)", document)
            }
        } else if let elements = node.sequence {
            let text = elements.compactMap { $0.scalar?.text }.joined(separator: "\n")
            self.take(text, key, node.mark, document)
        } else if let scalar = node.scalar, !key.isEmpty {
            self.take(scalar.text, key, node.mark, document)
        }
    }

    private mutating func take(_ text: String, _ key: String, _ mark: YAMLMark, _ document: YAMLDocument) {
        let line = document.lines.indices.contains(mark.line - 1) ? document.lines[mark.line - 1] : nil
        self.file[key] = Said(text: text, source: document.file, mark: mark, line: line)
    }
}
