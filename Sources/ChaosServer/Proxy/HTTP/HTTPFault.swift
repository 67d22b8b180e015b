import OpsModel

/// A wrong answer to some requests: another status, another body, or both.
struct HTTPFault: Hashable, Sendable {
    /// nil leaves the server's; without a server it is 200.
    var status: Int?
    /// nil leaves the server's; without a server it is empty.
    var body: String?
    var contentType: String?
    /// The requests that are meant: this path and what lies below it; `/` is all.
    var path = "/"
    /// nil is any.
    var method: String?

    static let types = ["http_body", "http_status"]
    private static let longestBody = 64 << 10

    /// - Throws: `bad_parameter` that lists everything wrong with the attributes.
    init(type: String, attributes: [String: JSONValue]) throws(ChaosError) {
        var problems: [String] = []
        func text(_ name: String, _ most: Int, _ isFine: (String) -> Bool) -> String? {
            guard let value = attributes[name], value != .null else { return nil }
            guard let text = value.stringValue, text.utf8.count <= most, isFine(text) else {
                problems.append("\(name): expected a text of at most \(most) bytes that can stand there")
                return nil
            }
            return text
        }
        if type == "http_status" {
            let given = attributes["status"] ?? 503
            if let status = given.intValue, Self.mayAnswer(status) {
                self.status = status
            } else {
                problems.append("status: expected 200 to 599 and neither 204, 205 nor 304, which have no body")
            }
        }
        self.body = text("body", Self.longestBody) { _ in true }
        if type == "http_body" { self.body = self.body ?? "" }
        self.contentType = text("content_type", 200) { $0.utf8.allSatisfy { (32...126).contains($0) } && !$0.isEmpty }
        self.path = text("path", 2_000) { $0.hasPrefix("/") && $0.utf8.allSatisfy { (33...126).contains($0) } } ?? "/"
        self.method = text("method", 20) { $0.utf8.allSatisfy { (65...90).contains($0) || $0 == 45 } }
        if self.method == "" { self.method = nil }
        let known = ["body", "content_type", "path", "method"] + (type == "http_status" ? ["status"] : [])
        problems += attributes.keys.filter { !known.contains($0) }.sorted().map {
            "\($0): unknown attribute of \(type)"
        }
        guard problems.isEmpty else { throw ChaosError(.badParameter, problems.joined(separator: "; ")) }
    }

    var type: String { self.status == nil ? "http_body" : "http_status" }

    var attributes: [String: JSONValue] {
        var attributes: [String: JSONValue] = ["path": .string(self.path)]
        if let status { attributes["status"] = .int(status) }
        if let body { attributes["body"] = .string(body) }
        if let contentType { attributes["content_type"] = .string(contentType) }
        if let method { attributes["method"] = .string(method) }
        return attributes
    }

    /// Whether it is about this request.
    ///
    /// What stands behind a question mark does not count, and case does.
    func isMeant(_ method: String, _ target: String) -> Bool {
        guard self.method == nil || self.method == method else { return false }
        let path = Self.path(of: target)
        return path == self.path || path.hasPrefix(self.path.hasSuffix("/") ? self.path : self.path + "/")
    }

    /// What the other one says, and for the rest what this one does.
    func overlaid(with other: HTTPFault) -> HTTPFault {
        var both = self
        both.status = other.status ?? self.status
        both.body = other.body ?? self.body
        both.contentType = other.contentType ?? self.contentType
        return both
    }

    private static func path(of target: String) -> Substring {
        var path = target[...]
        if let scheme = path.firstRange(of: "://"), !path.hasPrefix("/") {
            path = path[scheme.upperBound...]
            path = path.firstIndex(of: "/").map { path[$0...] } ?? "/"
        }
        return path.prefix { $0 != "?" && $0 != "#" }
    }

    private static func mayAnswer(_ status: Int) -> Bool {
        (200...599).contains(status) && ![204, 205, 304].contains(status)
    }
}
