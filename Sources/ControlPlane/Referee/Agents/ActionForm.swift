import OpsModel

/// The parameters of an action, as the JSON Schema in its catalogue entry lists them.
struct ActionForm: Sendable {
    private let properties: [String: JSONValue]
    private let required: [String]

    init(_ action: ActionDescription) {
        properties = action.parameters["properties"]?.objectValue ?? [:]
        required = action.parameters["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// The words that a parameter may be; nil when there is no such parameter.
    func words(_ name: String) -> [String]? {
        properties[name].map { $0["enum"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
    }

    func requires(_ name: String) -> Bool { required.contains(name) }

    /// The parameter of which this is one of the words.
    func parameter(taking word: String) -> String? {
        properties.keys.sorted().first { words($0)?.contains(word) == true }
    }

    /// Every way to fill in what has to be filled in; none when something has no list of words.
    var fillings: [[String: JSONValue]] {
        required.sorted().reduce([[:]]) { fillings, name in
            fillings.flatMap { filling in
                (words(name) ?? []).map { filling.merging([name: .string($0)]) { _, new in new } }
            }
        }
    }
}
