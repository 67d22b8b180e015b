/// The target of a request line, split and decoded once, with every doubtful shape refused.
///
/// An encoded slash or NUL, a dot segment or a broken escape means something else to each program that reads it, so none of
/// them gets as far as a route.
struct RequestTarget: Sendable {
    var path: String
    var segments: [String]
    var query: [(name: String, value: String)]

    init(_ target: String) throws(HTTPError) {
        guard target.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .badRequest("bad_path", "The request target has to be a path of visible ASCII characters.")
        }
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var segments: [String] = []
        for raw in halves[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            segments.append(try Self.segment(raw))
        }
        self.segments = segments
        path = "/" + segments.joined(separator: "/")
        query = halves.count == 2 ? try Self.query(halves[1]) : []
    }

    private static func segment(_ raw: Substring) throws(HTTPError) -> String {
        guard let text = PercentEncoding.decode(raw.utf8), !text.utf8.contains(where: isForbidden), text != ".",
            text != ".."
        else {
            throw .badRequest(
                "bad_path",
                "The path holds an escape or a segment that is not allowed.",
                hint: "Leave out dot segments, control characters, encoded slashes and backslashes."
            )
        }
        return text
    }

    private static func isForbidden(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
    }

    private static func query(_ text: Substring) throws(HTTPError) -> [(name: String, value: String)] {
        guard let members = URLEncodedMembers.parse(text) else {
            throw .badRequest("bad_query", "The query holds a broken escape.")
        }
        return members
    }
}
