import OpsModel

extension ActionDescription {
    /// An entry of a catalogue whose parameters are these words.
    static func catalogued(
        _ name: String,
        _ words: [String: [String]],
        required: [String] = []
    ) -> ActionDescription {
        let properties = words.mapValues { JSONValue.object(["enum": .array($0.map(JSONValue.string))]) }
        return ActionDescription(
            name: name,
            version: 1,
            title: name,
            parameters: ["properties": .object(properties), "required": .array(required.map(JSONValue.string))],
            kinds: [],
            risk: "low",
            downtimeS: 0,
            undo: "",
            isReversible: false
        )
    }
}
