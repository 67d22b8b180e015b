/// Calls and answers of XML-RPC (www.xmlrpc.com/spec), nothing beyond what supervisor sends.
package enum XMLRPC {
    /// What the other side answered.
    package enum Answer: Equatable, Sendable {
        case value(XMLRPCValue)
        case fault(code: Int, message: String)
    }

    /// A text that is no answer.
    package struct Malformed: Error {
        package let expected: String
    }

    package static func call(_ method: String, _ parameters: [XMLRPCValue]) -> String {
        let list = parameters.map { "<param>\($0.xml)</param>" }.joined()
        return
            "<?xml version='1.0'?><methodCall><methodName>\(method)</methodName><params>\(list)</params></methodCall>"
    }

    package static func answer(_ text: String) throws(Malformed) -> Answer {
        var reader = XMLRPCReader(text)
        try reader.open("methodResponse")
        if reader.takes("params") {
            try reader.open("param")
            return .value(try reader.value())
        }
        try reader.open("fault")
        let fault = try reader.value()
        return .fault(code: fault["faultCode"]?.number ?? 0, message: fault["faultString"]?.text ?? "unknown fault")
    }
}

/// Walks through the elements of an answer from left to right.
struct XMLRPCReader {
    private static let deepest = 16
    private var rest: Substring
    private var depth = 0

    init(_ text: String) {
        self.rest = text[...]
        if let end = text.firstRange(of: "?>") { self.rest = text[end.upperBound...] }
    }

    /// Passes the opening tag if it is the next thing.
    mutating func takes(_ name: String) -> Bool { self.takes(literal: "<\(name)>") }

    mutating func open(_ name: String) throws(XMLRPC.Malformed) {
        guard self.takes(name) else { throw XMLRPC.Malformed(expected: "<\(name)>") }
    }

    mutating func close(_ name: String) throws(XMLRPC.Malformed) {
        guard self.takes(literal: "</\(name)>") else { throw XMLRPC.Malformed(expected: "</\(name)>") }
    }

    mutating func value() throws(XMLRPC.Malformed) -> XMLRPCValue {
        self.depth += 1
        defer { self.depth -= 1 }
        guard self.depth < Self.deepest else { throw XMLRPC.Malformed(expected: "fewer levels") }
        if self.takes(literal: "<value/>") { return .string("") }
        try self.open("value")
        let value = try self.content()
        try self.close("value")
        return value
    }

    private mutating func content() throws(XMLRPC.Malformed) -> XMLRPCValue {
        if self.takes("struct") { return try self.members() }
        if self.takes("array") { return try self.elements() }
        if self.takes(literal: "<string/>") || self.takes(literal: "<nil/>") { return .string("") }
        for name in ["string", "int", "i4", "boolean", "double"] where self.takes(name) {
            let text = self.text()
            try self.close(name)
            return try Self.scalar(name, text)
        }
        return .string(self.text())
    }

    private static func scalar(_ name: String, _ text: String) throws(XMLRPC.Malformed) -> XMLRPCValue {
        switch name {
        case "string", "double": return .string(text)
        case "boolean": return .bool(text == "1")
        default:
            guard let number = Int(text) else { throw XMLRPC.Malformed(expected: "a number") }
            return .int(number)
        }
    }

    private mutating func members() throws(XMLRPC.Malformed) -> XMLRPCValue {
        var members: [String: XMLRPCValue] = [:]
        while self.takes("member") {
            try self.open("name")
            let name = self.text()
            try self.close("name")
            members[name] = try self.value()
            try self.close("member")
        }
        try self.close("struct")
        return .structure(members)
    }

    private mutating func elements() throws(XMLRPC.Malformed) -> XMLRPCValue {
        var elements: [XMLRPCValue] = []
        if self.takes(literal: "<data/>") {
            try self.close("array")
            return .array([])
        }
        try self.open("data")
        while self.next(is: "<value") { elements.append(try self.value()) }
        try self.close("data")
        try self.close("array")
        return .array(elements)
    }

    private mutating func text() -> String {
        let end = self.rest.firstIndex(of: "<") ?? self.rest.endIndex
        defer { self.rest = self.rest[end...] }
        let entities = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&apos;", "'"), ("&amp;", "&"),
        ]
        return entities.reduce(String(self.rest[..<end])) { $0.replacing($1.0, with: $1.1) }
    }

    private mutating func next(is literal: String) -> Bool {
        self.rest = self.rest.drop(while: \.isWhitespace)
        return self.rest.hasPrefix(literal)
    }

    private mutating func takes(literal: String) -> Bool {
        guard self.next(is: literal) else { return false }
        self.rest = self.rest.dropFirst(literal.count)
        return true
    }
}
