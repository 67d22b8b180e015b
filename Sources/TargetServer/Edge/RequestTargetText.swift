import OpsHTTP

/// Writes a decoded path and query down again, as they are sent on.
enum RequestTargetText {
    static func of(_ request: HTTPRequest) -> String {
        let path = request.path.split(separator: "/", omittingEmptySubsequences: false).map(escaped).joined(
            separator: "/"
        )
        guard !request.query.isEmpty else { return path }
        let query = request.query.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
        return "\(path)?\(query)"
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func escaped(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }
}
