import OpsModel

/// One message of JSON-RPC 2.0 as MCP narrows it: parameters are an object, ids are never null.
///
/// Whatever stands on the wire is one of these; what cannot be read is `invalid` and says why.
enum JSONRPCMessage: Hashable, Sendable {
    case request(JSONRPCRequest)
    case notification(method: String, parameters: [String: JSONValue])
    /// An answer to a request of ours. We send none, so it is taken and forgotten.
    case response
    /// The id is kept where it could be read, so that the refusal finds its request.
    case invalid(JSONRPCID?, why: String)

    init(_ json: JSONValue) {
        let id = JSONRPCID(json["id"])
        guard let members = json.objectValue else {
            self = .invalid(nil, why: "a message has to be an object")
            return
        }
        guard members["jsonrpc"] == "2.0" else {
            self = .invalid(id, why: "jsonrpc has to be \"2.0\"")
            return
        }
        guard let method = members["method"] else {
            let isResponse = members["result"] != nil || members["error"] != nil
            self = isResponse ? .response : .invalid(id, why: "method is missing")
            return
        }
        guard let name = method.stringValue else {
            self = .invalid(id, why: "method has to be a string")
            return
        }
        guard let parameters = (members["params"] ?? [:]).objectValue else {
            self = .invalid(id, why: "params has to be an object")
            return
        }
        guard members["id"] != nil else {
            self = .notification(method: name, parameters: parameters)
            return
        }
        guard let id else {
            self = .invalid(nil, why: "id has to be a string or a whole number")
            return
        }
        self = .request(JSONRPCRequest(id: id, method: name, parameters: parameters))
    }
}

/// A message that wants an answer.
struct JSONRPCRequest: Hashable, Sendable {
    var id: JSONRPCID
    var method: String
    var parameters: [String: JSONValue]
}
