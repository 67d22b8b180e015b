import OpsHTTP
import OpsModel

/// `/mcp`: the Model Context Protocol over streamable HTTP, one JSON answer to each message and no stream.
struct MCPController: Sendable {
    private static let sessionField = "Mcp-Session-Id"
    private static let versionField = "MCP-Protocol-Version"

    var server: MCPServer

    func register(in router: inout Router) {
        router.post(
            "/mcp",
            summary: "Model Context Protocol: one JSON-RPC message, answered as JSON",
            access: .scope("agent"),
            request: ["type": "object", "required": ["jsonrpc"], "properties": ["jsonrpc": ["const": "2.0"]]],
            handler: answering { try await post($0) }
        )
        router.delete(
            "/mcp",
            summary: "End a session of the Model Context Protocol",
            access: .scope("agent"),
            handler: { request in
                switch session(of: request) {
                case .success(let session):
                    server.tools.sessions.with { $0.close(session.id) }
                    return HTTPResponse(status: 204)
                case .failure(let refusal): return refusal.response
                }
            }
        )
    }

    private func post(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let body = JSONRPCBody(request.body) else { return Refusal(400, .unreadable).response }
        if case .one(.invalid(let id, let why)) = body { return Refusal(400, .invalidRequest(why), id).response }
        if case .one(.request(let opening)) = body, opening.method == "initialize" { return try open(opening, request) }
        switch session(of: request) {
        case .success(let session): return try await answer(body, in: session)
        case .failure(let refusal): return refusal.response
        }
    }

    private func open(_ opening: JSONRPCRequest, _ request: HTTPRequest) throws -> HTTPResponse {
        do {
            let (session, result) = try server.open(opening.parameters, by: request.principal?.name ?? "")
            var response = HTTPResponse.plainJSON(JSONRPCReply(opening.id, .success(result)).json)
            response.headers[Self.sessionField] = session.id
            return response
        } catch let error as JSONRPCError {
            return .plainJSON(JSONRPCReply(opening.id, .failure(error)).json)
        }
    }

    private func answer(_ body: JSONRPCBody, in session: MCPSession) async throws -> HTTPResponse {
        switch body {
        case .one(let message):
            let reply = try await reply(to: message, in: session, ToolSchema.waits.upperBound)
            return reply.map { .plainJSON($0) } ?? HTTPResponse(status: 202)
        case .batch(let messages): return try await answer(messages, in: session)
        }
    }

    /// One message after the other, and none of them waits.
    private func answer(_ messages: [JSONRPCMessage], in session: MCPSession) async throws -> HTTPResponse {
        guard session.version.allowsBatches else {
            let why = "there are no batches in \(session.version.rawValue); send one message at a time"
            return Refusal(400, .invalidRequest(why)).response
        }
        guard (1...MCPServer.batchLimit).contains(messages.count) else {
            return Refusal(400, .invalidRequest("a batch has 1 to \(MCPServer.batchLimit) messages")).response
        }
        var replies: [JSONValue] = []
        for message in messages {
            if let reply = try await reply(to: message, in: session, 0) { replies.append(reply) }
        }
        return replies.isEmpty ? HTTPResponse(status: 202) : .plainJSON(JSONValue.array(replies))
    }

    private func reply(to message: JSONRPCMessage, in session: MCPSession, _ patience: Int) async throws -> JSONValue? {
        switch message {
        case .request(let request): return try await server.reply(to: request, in: session, patience: patience).json
        case .invalid(let id, let why): return JSONRPCReply(id, .failure(.invalidRequest(why))).json
        case .response: return nil
        case .notification(let method, let parameters):
            server.take(method, parameters, in: session)
            return nil
        }
    }

    /// The session that a request names, if it is the caller's and speaks a version of ours.
    private func session(of request: HTTPRequest) -> Result<MCPSession, Refusal> {
        if let version = request.headers[Self.versionField], MCPVersion(rawValue: version) == nil {
            return .failure(Refusal(400, .unsupportedVersion(version)))
        }
        guard let id = request.headers[Self.sessionField] else {
            return .failure(
                Refusal(400, .invalidRequest("begin a session with initialize and send its Mcp-Session-Id"))
            )
        }
        let owner = request.principal?.name ?? ""
        guard let session = server.tools.sessions.with({ $0.use(id, by: owner, at: .now) }) else {
            return .failure(Refusal(404, .unknownSession))
        }
        return .success(session)
    }
}

/// A message that is answered by the transport: an HTTP status, and the error as JSON-RPC writes it.
private struct Refusal: Error {
    var status: Int
    var reply: JSONRPCReply

    init(_ status: Int, _ error: JSONRPCError, _ id: JSONRPCID? = nil) {
        self.status = status
        reply = JSONRPCReply(id, .failure(error))
    }

    var response: HTTPResponse { .plainJSON(reply.json, status: status) }
}
