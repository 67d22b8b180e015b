import OpsHTTP
import OpsModel

@testable import ControlPlane

/// Somebody who speaks MCP to a gate byte by byte, so that what no client would send can be sent.
struct MCPTalk: Sendable {
    let bench: GateBench
    var session: String?

    private static let client = HTTPClient(configuration: .init(timeout: .seconds(40), retries: 0))

    init(_ bench: GateBench) { self.bench = bench }

    /// Somebody who has begun a session.
    static func begun(
        at bench: GateBench,
        version: String = "2025-11-25",
        as name: String = "talker"
    ) async throws -> MCPTalk {
        var talk = MCPTalk(bench)
        talk.session = try await talk.send(request("initialize", opening(version: version, name: name)))
            .headers["Mcp-Session-Id"]
        return talk
    }

    static func opening(version: String, name: String = "talker") -> JSONValue {
        [
            "protocolVersion": .string(version), "capabilities": [:],
            "clientInfo": ["name": .string(name), "version": "1"],
        ]
    }

    static func request(_ method: String, _ parameters: JSONValue = [:], id: JSONValue = 1) -> JSONValue {
        ["jsonrpc": "2.0", "id": id, "method": .string(method), "params": parameters]
    }

    static func call(_ tool: String, _ arguments: JSONValue = [:], id: JSONValue = 1) -> JSONValue {
        request("tools/call", ["name": .string(tool), "arguments": arguments], id: id)
    }

    func send(_ message: JSONValue, headers: HTTPHeaders = [:], key: String? = nil) async throws -> HTTPClientResponse {
        try await send(bytes: OpsJSON.encode(message), headers: headers, key: key)
    }

    /// Sends whatever it is with the host's key, unless another is given; an empty one is left out.
    func send(
        bytes: [UInt8] = [],
        _ method: HTTPMethod = .post,
        headers: HTTPHeaders = [:],
        key: String? = nil
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(method: method, url: "\(bench.base)/mcp", headers: headers, body: bytes)
        let key = key ?? bench.hostKey
        if !key.isEmpty { request.key = key }
        if !bytes.isEmpty { request.headers["Content-Type"] = headers["Content-Type"] ?? "application/json" }
        if let session, headers["Mcp-Session-Id"] == nil { request.headers["Mcp-Session-Id"] = session }
        return try await Self.client.send(request)
    }

    /// What a tool answers: its document, or the refusal's code.
    func tool(_ name: String, _ arguments: JSONValue = [:], id: JSONValue = 1) async throws -> ToolAnswer {
        let reply = try await send(Self.call(name, arguments, id: id)).reply
        return ToolAnswer(
            document: reply.at("result.structuredContent") ?? .null,
            isRefused: reply.at("result.isError") == true
        )
    }
}

struct ToolAnswer: Sendable {
    var document: JSONValue
    var isRefused: Bool

    /// Nil for what was no refusal.
    var code: String? { isRefused ? document["code"]?.stringValue : nil }
}

extension HTTPClientResponse {
    /// The body as JSON; null when there is none.
    var reply: JSONValue { (try? OpsJSON.decode(JSONValue.self, from: body)) ?? .null }

    /// The code of the JSON-RPC error, or nil.
    var fault: Int? { reply.at("error.code")?.intValue }
}
