import OpsModel

/// Why a request has no result; refusals of the gate are no such errors but results of a tool.
struct JSONRPCError: Error, Hashable, Sendable {
    var code: Int
    var message: String
    var data: JSONValue?

    /// The body is no JSON.
    static let unreadable = JSONRPCError(code: -32_700, message: "the body is not valid JSON")

    /// JSON, and no message that is possible here.
    static func invalidRequest(_ message: String) -> JSONRPCError { JSONRPCError(code: -32_600, message: message) }

    static func unknownMethod(_ method: String) -> JSONRPCError {
        JSONRPCError(
            code: -32_601,
            message: "there is no method \(method) here; tools/list and tools/call are the way in"
        )
    }

    static func invalidParameters(_ message: String) -> JSONRPCError { JSONRPCError(code: -32_602, message: message) }

    static let failed = JSONRPCError(code: -32_603, message: "the gate failed at this request; its log has the cause")

    /// The session never was, ended, or was silent for too long.
    static let unknownSession = JSONRPCError(
        code: -32_001,
        message: "this session is not known, or no longer; begin another with initialize"
    )

    /// The code and data that MCP gives this since 2026-07-28, so that newer clients fall back to a version of ours.
    static func unsupportedVersion(_ wanted: String) -> JSONRPCError {
        JSONRPCError(
            code: -32_022,
            message: "protocol version \(wanted) is not spoken here; begin with initialize",
            data: ["supported": .array(MCPVersion.allCases.map { .string($0.rawValue) }), "requested": .string(wanted)]
        )
    }
}
