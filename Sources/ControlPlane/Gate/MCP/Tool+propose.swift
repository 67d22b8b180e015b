import OpsModel

extension Tool {
    /// A step is exactly one of the actions that there are, with that action's own parameters.
    static func propose(_ actions: [ActionDescription]) -> Tool {
        Tool(
            name: .propose,
            title: "Ask to be allowed to act",
            about: """
                Asks for one of your options to be carried out, the least harmful that works first. Nothing happens before \
                it is allowed: a person usually has to say yes. Answers with the proposal's name; ask outcome what became \
                of it. One proposal may be open at a time.
                """,
            input: ToolSchema.object(
                [
                    "summary": ToolSchema.text("one sentence for a person"), "evidence": evidence,
                    "options": ToolSchema.list(of: option(actions), "a person picks one", atLeast: 1),
                    "rejected": notDone("what you do not propose, and why"),
                ],
                required: ["summary", "options"]
            )
        )
    }

    private static func option(_ actions: [ActionDescription]) -> JSONValue {
        let step: JSONValue = actions.isEmpty ? unknownStep : ["oneOf": .array(actions.map(step))]
        return ToolSchema.object(
            [
                "title": ToolSchema.text("a few words for a person"),
                "why": ToolSchema.text("one sentence for a person"),
                "steps": ToolSchema.list(of: step, "actions, in order", atLeast: 1),
            ],
            required: ["title", "steps"]
        )
    }

    private static func step(_ action: ActionDescription) -> JSONValue {
        var step =
            ToolSchema.object(
                [
                    "action": ["type": "string", "const": .string(action.name)], "parameters": action.parameters,
                    "expect": expect,
                ],
                required: ["action", "parameters"]
            ).objectValue ?? [:]
        step["title"] = .string(action.name)
        step["description"] = .string("\(action.title). Risk \(action.risk), undo \(action.undo).")
        return .object(step)
    }

    /// Where it is not known what can be done, or nothing can; what there is not is refused in the gate's own words.
    private static let unknownStep = ToolSchema.object(
        [
            "action": ToolSchema.text("one of the incident's `actions`"),
            "parameters": ["type": "object", "description": "as its schema there has them"], "expect": expect,
        ],
        required: ["action", "parameters"]
    )

    private static let expect = ToolSchema.texts("what should hold afterwards, for the person who decides")
}
