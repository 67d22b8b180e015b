import OpsModel

/// The answer to one message.
struct JSONRPCReply: Hashable, Sendable {
    /// Nil where the id could not be read.
    var id: JSONRPCID?
    var outcome: Result<JSONValue, JSONRPCError>

    init(_ id: JSONRPCID?, _ outcome: Result<JSONValue, JSONRPCError>) {
        self.id = id
        self.outcome = outcome
    }

    var json: JSONValue {
        var members: [String: JSONValue] = ["jsonrpc": "2.0", "id": id?.json ?? .null]
        switch outcome {
        case .success(let result): members["result"] = result
        case .failure(let error):
            var told: [String: JSONValue] = ["code": .int(error.code), "message": .string(error.message)]
            if let data = error.data { told["data"] = data }
            members["error"] = .object(told)
        }
        return .object(members)
    }
}
