internal import OpsYAML

/// A service's environment while the file is read; nothing keeps it afterwards, for passwords stand in it.
struct ServiceEnvironment {
    /// One variable; without text where the value comes from outside.
    struct Variable {
        var key: String
        var text: String?
        var mark: YAMLMark
    }

    var variables: [Variable] = []

    /// Other services that stand as hosts in addresses, each with the first variable that names it.
    func mentions(of names: Set<String>, by service: String) -> [ComposeService.Mention] {
        var mentions: [ComposeService.Mention] = []
        var seen: Set<String> = [service]
        for variable in variables {
            for host in Self.hosts(in: variable.text ?? "") where names.contains(host) && seen.insert(host).inserted {
                mentions.append(ComposeService.Mention(key: variable.key, service: host))
            }
        }
        return mentions
    }

    /// What stands as a host behind `//` or `@`; the name of a user in front of an `@` is none.
    private static func hosts(in text: String) -> [String] {
        let addresses = text.ranges(of: "//").map { text[$0.upperBound...] }
            .filter { !authority($0).contains("@") }
        let afterUsers = text.indices.filter { text[$0] == "@" }.map { text[text.index(after: $0)...] }
        return (addresses + afterUsers).compactMap(host)
    }

    private static func authority(_ text: Substring) -> Substring {
        text.prefix { !"/?# ".contains($0) }
    }

    private static func host(_ text: Substring) -> String? {
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard let next = text[name.endIndex...].first else { return String(name) }
        return ":/?#, \"'".contains(next) ? String(name) : nil
    }
}

extension ComposeReader {
    /// Both forms: `KEY: value` and `- KEY=value`.
    func readEnvironment(_ node: inout YAMLMapping) -> ServiceEnvironment {
        guard let found = node.node("environment") else { return ServiceEnvironment() }
        if let pairs = found.mapping {
            let variables = pairs.map { pair -> ServiceEnvironment.Variable in
                let scalar = pair.value.scalar
                let text = scalar?.isNull == true ? nil : scalar?.text
                return ServiceEnvironment.Variable(key: pair.key, text: text, mark: pair.keyMark)
            }
            return ServiceEnvironment(variables: variables)
        }
        if let items = found.sequence { return ServiceEnvironment(variables: items.compactMap(variable)) }
        let what = "'environment' of \(node.subject)"
        remarks.report("\(what) must be a mapping or a list, here it is \(found.kindName)", at: found.mark)
        return ServiceEnvironment()
    }

    private func variable(_ item: YAMLNode) -> ServiceEnvironment.Variable? {
        guard let text = item.scalar?.text else {
            remarks.report("an environment lists lines such as KEY=value, here is \(item.kindName)", at: item.mark)
            return nil
        }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return ServiceEnvironment.Variable(
            key: parts.first ?? "",
            text: parts.count > 1 ? parts.last : nil,
            mark: item.mark
        )
    }

    /// What the file says of a variable; a file of values, or one that only holds this value, may say more.
    func value(
        of key: String,
        in environment: ServiceEnvironment,
        _ node: YAMLMapping
    ) -> ComposeService.Value {
        let isElsewhere =
            node.keys.contains("env_file") || environment.variables.contains { $0.key == key + "_FILE" }
        guard let variable = environment.variables.last(where: { $0.key == key }) else {
            return isElsewhere ? .unknown : .absent
        }
        guard let text = variable.text,
            let value = filled(text[...], "'\(key)' of \(node.subject)", at: variable.mark)
        else { return .unknown }
        return value.isEmpty ? .absent : .text(value)
    }
}
