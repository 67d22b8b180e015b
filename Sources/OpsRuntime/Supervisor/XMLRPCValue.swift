/// A value of XML-RPC, as far as supervisor uses it.
package enum XMLRPCValue: Equatable, Sendable {
    case string(String)
    case int(Int)
    case bool(Bool)
    case array([XMLRPCValue])
    case structure([String: XMLRPCValue])

    package var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var number: Int? {
        guard case .int(let number) = self else { return nil }
        return number
    }

    package var elements: [XMLRPCValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    package subscript(member: String) -> XMLRPCValue? {
        guard case .structure(let members) = self else { return nil }
        return members[member]
    }

    package var xml: String {
        switch self {
        case .string(let text): "<value><string>\(Self.escaped(text))</string></value>"
        case .int(let number): "<value><int>\(number)</int></value>"
        case .bool(let flag): "<value><boolean>\(flag ? 1 : 0)</boolean></value>"
        case .array(let elements): "<value><array><data>\(elements.map(\.xml).joined())</data></array></value>"
        case .structure(let members):
            "<value><struct>"
                + members.sorted { $0.key < $1.key }
                .map { "<member><name>\(Self.escaped($0.key))</name>\($0.value.xml)</member>" }.joined()
                + "</struct></value>"
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
