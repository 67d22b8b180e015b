import OpsModel

/// One tool as `tools/list` shows it.
struct Tool: Hashable, Sendable {
    var name: ToolName
    var title: String
    /// What it does and when, for the model that chooses it.
    var about: String
    /// JSON Schema of its arguments, always of an object.
    var input: JSONValue

    var json: JSONValue {
        [
            "name": .string(name.rawValue), "title": .string(title), "description": .string(about),
            "inputSchema": input,
            "annotations": ["readOnlyHint": .bool(name.isReadOnly), "openWorldHint": false, "destructiveHint": false],
        ]
    }

    /// Names of arguments that it does not take, in order.
    func strangers(in arguments: [String: JSONValue]) -> [String] {
        let known = input["properties"]?.objectValue ?? [:]
        return arguments.keys.filter { known[$0] == nil }.sorted()
    }
}
