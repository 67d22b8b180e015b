import OpsHTTP
import OpsModel

/// What a call of a tool answers: a document, or the gate's refusal for the model to read.
enum ToolResult: Hashable, Sendable {
    case done(JSONValue)
    case refused(HTTPError)

    /// The document as text and as structure; clients show one or the other.
    var json: JSONValue {
        let text = (try? OpsJSON.string(document)) ?? "{}"  // a JSON document always has a text
        return [
            "content": [["type": "text", "text": .string(text)]], "structuredContent": document,
            "isError": .bool(isError),
        ]
    }

    private var isError: Bool { if case .refused = self { true } else { false } }

    private var document: JSONValue {
        switch self {
        case .done(let document): return document
        case .refused(let refusal):
            var members: [String: JSONValue] = ["code": .string(refusal.code), "error": .string(refusal.message)]
            if let hint = refusal.hint { members["hint"] = .string(hint) }
            if let seconds = refusal.retryAfter { members["retry_after_s"] = .int(seconds) }
            return .object(members)
        }
    }
}
