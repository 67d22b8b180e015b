import OpsModel

/// What a request says of a proxy; nil for what it does not mention.
struct ProxyRequest: Sendable {
    static let nameRule = "name: expected at most 64 letters, digits, and . _ : -"

    var name: String?
    var listen: Way?
    var upstream: Way?
    var isEnabled: Bool?

    /// - Throws: `bad_parameter` for what has another shape; members that toxiproxy's clients may send beside are let pass.
    init(_ document: JSONValue) throws(ChaosError) {
        guard let members = document.objectValue else { throw ChaosError(.badParameter, "expected an object") }
        if let name = members["name"] {
            guard let text = name.stringValue, Self.isName(text), !text.isEmpty else {
                throw ChaosError(.badParameter, Self.nameRule)
            }
            self.name = text
        }
        self.listen = try Self.place(members["listen"], "listen", isPortOpen: true)
        self.upstream = try Self.place(members["upstream"], "upstream", isPortOpen: false)
        if let enabled = members["enabled"] {
            guard let flag = enabled.boolValue else { throw ChaosError(.badParameter, "enabled: true or false") }
            self.isEnabled = flag
        }
    }

    static func isName(_ text: String) -> Bool {
        text.utf8.count <= 64 && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._:-".contains($0)) }
    }

    /// An empty text, as toxiproxy's clients send it for what they leave as it is, says nothing; port 0 is any.
    private static func place(_ value: JSONValue?, _ name: String, isPortOpen: Bool) throws(ChaosError) -> Way? {
        guard let value, value != .null, value.stringValue != "" else { return nil }
        let text = value.stringValue ?? ""
        if let way = Way(text) { return way }
        if isPortOpen, text.hasSuffix(":0"), let way = Way(text.dropLast() + "1") {
            return Way(host: way.host, port: 0)
        }
        throw ChaosError(.badParameter, "\(name): expected HOST:PORT", hint: "such as 127.0.0.1:8031")
    }
}
