/// As much of XML-RPC as the supervisor's answers need: flat structures of integers and texts, and faults.
enum XMLRPC {
    enum Value: Sendable {
        case text(String)
        case flag(Bool)
    }

    static func request(_ method: String, _ parameters: [Value]) -> String {
        let values = parameters.map { "<param><value>\(self.xml($0))</value></param>" }.joined()
        return
            "<?xml version=\"1.0\"?><methodCall><methodName>\(method)</methodName><params>\(values)</params></methodCall>"
    }

    /// The integer member of that name.
    static func integer(_ name: String, in answer: String) -> Int? {
        guard let member = self.between("<name>\(name)</name>", "</member>", in: answer) else { return nil }
        return (self.between("<int>", "</int>", in: member) ?? self.between("<i4>", "</i4>", in: member)).flatMap {
            Int($0)
        }
    }

    static func fault(in answer: String) -> (code: Int, text: String)? {
        guard let fault = self.between("<fault>", "</fault>", in: answer) else { return nil }
        let text = self.between("<name>faultString</name>", "</member>", in: fault)
            .flatMap { self.between("<string>", "</string>", in: $0) }
        return (self.integer("faultCode", in: fault) ?? 0, text ?? "no reason given")
    }

    /// Whether the whole document has arrived.
    static func isComplete(_ bytes: [UInt8]) -> Bool {
        let end = Array("</methodResponse>".utf8)
        return bytes.suffix(end.count + 8).split(separator: 10).contains { line in line.starts(with: end) }
    }

    private static func xml(_ value: Value) -> String {
        switch value {
        case .flag(let flag): "<boolean>\(flag ? 1 : 0)</boolean>"
        case .text(let text):
            "<string>\(text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;"))</string>"
        }
    }

    private static func between(_ start: String, _ end: String, in text: String) -> String? {
        guard let from = text.firstRange(of: start)?.upperBound,
            let to = text[from...].firstRange(of: end)?.lowerBound
        else { return nil }
        return String(text[from..<to])
    }
}
