import OpsHTTP
import OpsModel
import OpsService

/// The methods of MCP, as far as they are spoken here: a session, its tools, and nothing else.
struct MCPServer: Sendable {
    /// The most messages of a batch.
    static let batchLimit = 20

    var tools: ToolDesk
    var logger: Logger

    private var sessions: SessionRegistry { tools.sessions }

    /// Begins a session; throws when the parameters are wrong or there is no room.
    func open(_ parameters: [String: JSONValue], by owner: String) throws -> (MCPSession, result: JSONValue) {
        guard let wanted = parameters["protocolVersion"]?.stringValue, let client = Self.agent(parameters["clientInfo"])
        else {
            throw JSONRPCError.invalidParameters(
                "initialize needs protocolVersion, and clientInfo with name and version"
            )
        }
        let session = MCPSession(owner: owner, version: MCPVersion(negotiating: wanted), agent: client, at: .now)
        guard sessions.with({ $0.open(session) }) else {
            throw HTTPError.unavailable("Too many sessions are open.", code: "too_many_sessions", retryAfter: 60)
        }
        logger.info(
            "mcp session begun",
            ["agent.name": .string(client.agent), "mcp.version": .string(session.version.rawValue)]
        )
        return (session, Self.greeting(session.version))
    }

    /// Answers one request of a session; `patience` bounds how long it may wait for news.
    func reply(to request: JSONRPCRequest, in session: MCPSession, patience: Int) async throws -> JSONRPCReply {
        do {
            return JSONRPCReply(request.id, .success(try await result(of: request, in: session, patience)))
        } catch let error as JSONRPCError {
            return JSONRPCReply(request.id, .failure(error))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            logger.error(
                "request failed unexpectedly",
                ["error": .string("\(error)"), "mcp.method": .string(request.method)]
            )
            return JSONRPCReply(request.id, .failure(.failed))
        }
    }

    /// Takes what wants no answer.
    func take(_ method: String, _ parameters: [String: JSONValue], in session: MCPSession) {
        guard method == "notifications/cancelled", let call = JSONRPCID(parameters["requestId"]) else { return }
        sessions.with { $0.cancel(session.id, call: call) }
    }

    private func result(of request: JSONRPCRequest, in session: MCPSession, _ patience: Int) async throws -> JSONValue {
        switch request.method {
        case "ping":
            await tools.signOfLife(from: session.id)
            return [:]
        case "tools/list":
            guard request.parameters["cursor"] == nil else {
                throw JSONRPCError.invalidParameters("there is one page of tools; no cursor was given out")
            }
            return ["tools": .array(await tools.tools(for: session.id).map(\.json))]
        case "tools/call": return try await tools.call(Self.call(request, in: session, patience)).json
        default: throw JSONRPCError.unknownMethod(request.method)
        }
    }

    private static func call(
        _ request: JSONRPCRequest,
        in session: MCPSession,
        _ patience: Int
    ) throws(JSONRPCError) -> ToolCall {
        guard let name = request.parameters["name"]?.stringValue else {
            throw .invalidParameters("tools/call needs the name of a tool")
        }
        guard let tool = ToolName(rawValue: name) else {
            let known = ToolName.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidParameters("there is no tool \(name); there are \(known)")
        }
        guard let arguments = (request.parameters["arguments"] ?? [:]).objectValue else {
            throw .invalidParameters("arguments has to be an object")
        }
        return ToolCall(tool: tool, arguments: arguments, id: request.id, session: session.id, patience: patience)
    }

    private static func agent(_ client: JSONValue?) -> AgentClaim? {
        guard let name = client?["name"]?.stringValue, let version = client?["version"]?.stringValue, !name.isEmpty
        else { return nil }
        return AgentClaim(agent: String(name.prefix(64)), version: String(version.prefix(64)))
    }
}
