/// One way from an instance to somebody else: a name of the target's network and a port.
struct Way: Codable, Hashable, Sendable, CustomStringConvertible {
    var host: String
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`; nil for what could not be a name and a port.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = Int(parts[1]), (1...65_535).contains(port), Self.isName(parts[0]) else {
            return nil
        }
        self.init(host: String(parts[0]), port: port)
    }

    /// The way to where a URL such as `http://payments-a:8091` leads; nil for one without a port.
    init?(url: String) {
        guard let begin = url.firstRange(of: "://") else { return nil }
        self.init(String(url[begin.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }))
    }

    var description: String { "\(self.host):\(self.port)" }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 253
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
    }
}
