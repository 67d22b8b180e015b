import OpsModel
import OpsSpec

extension Tool {
    static let diagnose = Tool(
        name: .diagnose,
        title: "Say what the cause is",
        about: """
            Says which component is the cause and what is wrong with it, not which one suffers. The last diagnosis counts. \
            With low confidence touch nothing: escalate.
            """,
        input: ToolSchema.object(
            [
                "component": ToolSchema.text("the component that is the cause, or a link a->b"),
                "instance": ToolSchema.text("the instance, where only one is meant"), "mechanism": mechanism,
                "confidence": ToolSchema.word(Confidence.allCases.map(\.rawValue), "how sure you are"),
                "statement": ToolSchema.text("one sentence for a person"), "evidence": evidence,
                "citations": ToolSchema.list(of: citation, "runbook passages it rests on"), "ruled_out": ruledOut,
            ],
            required: ["component", "mechanism", "confidence", "statement", "evidence"]
        )
    )

    static let escalate = Tool(
        name: .escalate,
        title: "Hand over to a person",
        about: "Hands the incident over and ends it for you: an honest end when you do not know, or may not do it.",
        input: ToolSchema.object(
            [
                "reason": ToolSchema.text("why you stop here"),
                "component": ToolSchema.text("your best guess of where"), "mechanism": mechanism,
                "found": ToolSchema.texts("findings in words"), "evidence": evidence, "ruled_out": ruledOut,
                "not_done": notDone("actions deliberately not taken"),
            ],
            required: ["reason"]
        )
    )

    static let evidence = ToolSchema.texts("names of answers that read gave in this incident, such as ev-1")

    static func notDone(_ about: String) -> JSONValue {
        let action = ToolSchema.object(
            [
                "action": ToolSchema.text("an action"), "component": ToolSchema.text("what it would have touched"),
                "because": ToolSchema.text("why not"),
            ],
            required: ["action", "because"]
        )
        return ToolSchema.list(of: action, about)
    }

    private static let mechanism = ToolSchema.word(Mechanism.allCases.map(\.rawValue), "what is wrong with it")

    private static let citation = ToolSchema.object(
        [
            "runbook": ToolSchema.text("its id"), "path": ToolSchema.text("its file"),
            "first_line": ["type": "integer"], "last_line": ["type": "integer"],
        ],
        required: ["runbook", "path", "first_line", "last_line"]
    )

    private static let ruledOut = ToolSchema.list(
        of: ToolSchema.object(
            [
                "component": ToolSchema.text("the component it would have been"), "mechanism": mechanism,
                "because": ToolSchema.text("one sentence for a person"), "evidence": evidence,
            ],
            required: ["component", "mechanism", "because"]
        ),
        "explanations that the evidence speaks against"
    )
}
