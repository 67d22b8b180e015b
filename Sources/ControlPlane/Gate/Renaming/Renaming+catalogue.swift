import OpsModel
import OpsSpec

/// What may be proposed, under other names and under none.
extension Renaming {
    /// Names of actions and of their parameters are words of the catalogue; what a parameter may be is not.
    func there(_ action: ActionDescription) -> ActionDescription {
        var shown = action
        shown.title = there(action.title)
        shown.undo = there(action.undo)
        shown.parameters = renamed(action.parameters)
        return shown
    }

    /// The action as far as it is the same whatever the system is called: no text is left that holds a name.
    ///
    /// It is for whoever works on no incident, and has not been given names yet.
    func nameless(_ action: ActionDescription) -> ActionDescription {
        var shown = action
        if there(action.title) != action.title { shown.title = action.name }
        if there(action.undo) != action.undo { shown.undo = "as the incident's `actions` tell" }
        guard var schema = action.parameters.objectValue, let properties = schema["properties"]?.objectValue else {
            return shown
        }
        schema["properties"] = .object(properties.mapValues(anyValue))
        shown.parameters = .object(schema)
        return shown
    }

    /// A parameter that takes any value of its type where its schema holds a name.
    private func anyValue(_ parameter: JSONValue) -> JSONValue {
        guard renamed(parameter) != parameter else { return parameter }
        return ["type": parameter["type"] ?? "string", "description": "values as in the incident's `actions`"]
    }

    private func renamed(_ schema: JSONValue) -> JSONValue {
        schema.mapTexts(sparing: ["type", "required", "pattern"], there)
    }
}
