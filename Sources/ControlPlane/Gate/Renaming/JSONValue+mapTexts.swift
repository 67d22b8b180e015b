import OpsModel

extension JSONValue {
    /// The same document with other texts; names of members stay, and so do the values of those that are spared.
    func mapTexts(sparing names: Set<String> = [], _ change: (String) -> String) -> JSONValue {
        switch self {
        case .string(let text): .string(change(text))
        case .array(let items): .array(items.map { $0.mapTexts(sparing: names, change) })
        case .object(let members):
            .object(
                members.reduce(into: [:]) { all, member in
                    let isSpared = names.contains(member.key)
                    all[member.key] = isSpared ? member.value : member.value.mapTexts(sparing: names, change)
                }
            )
        default: self
        }
    }
}
