import OpsModel

/// Pairs an answer with its request: a whole number or a text.
///
/// JSON-RPC's `null` and fractions are no ids in MCP.
enum JSONRPCID: Hashable, Sendable {
    case number(Int)
    case text(String)

    init?(_ json: JSONValue?) {
        switch json {
        case .int(let number): self = .number(number)
        case .string(let text): self = .text(text)
        default: return nil
        }
    }

    var json: JSONValue {
        switch self {
        case .number(let number): .int(number)
        case .text(let text): .string(text)
        }
    }
}
