import OpsHTTP
import OpsModel

/// One `tools/call`, as its session made it.
struct ToolCall: Sendable {
    var tool: ToolName
    var arguments: [String: JSONValue]
    /// The id of its request.
    var id: JSONRPCID
    var session: String
    /// The longest time it may wait for news, in seconds.
    var patience = ToolSchema.waits.upperBound

    private static let hint = "tools/list shows the schema of the arguments"

    /// The arguments as a value; strangers among them are refused, because they would be lost without a word.
    func decoded<Value: Decodable>(as type: Value.Type) throws(HTTPError) -> Value {
        if let stranger = ToolCatalogue.tool(tool).strangers(in: arguments).first {
            let message = "\(tool.rawValue) takes no argument \(stranger)."
            throw .unprocessable(message, code: "wrong_shape", hint: Self.hint)
        }
        do {
            return try JSONValue.object(arguments).decoded(as: type)
        } catch {
            var refusal = HTTPError(decoding: error)
            refusal.hint = Self.hint
            throw refusal
        }
    }

    /// How long to wait: what was asked for, and never longer than the call may.
    func wait() throws(HTTPError) -> Duration {
        let range = ToolSchema.waits
        guard let wanted = arguments["wait_s"], !wanted.isNull else { return .seconds(min(range.upperBound, patience)) }
        guard let seconds = wanted.intValue, range.contains(seconds) else {
            throw .unprocessable(
                "wait_s has to be a whole number from \(range.lowerBound) to \(range.upperBound).",
                code: "wrong_shape",
                hint: Self.hint
            )
        }
        return .seconds(min(seconds, patience))
    }
}
