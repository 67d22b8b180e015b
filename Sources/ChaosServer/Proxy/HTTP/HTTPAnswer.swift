/// Writes the answers that a fault puts in the place of the right ones.
enum HTTPAnswer {
    private static let reasons = [
        200: "OK", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
        409: "Conflict", 422: "Unprocessable Content", 429: "Too Many Requests", 500: "Internal Server Error",
        502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
    /// Fields that say something of the body that was there.
    private static let ofBody: Set<String> = [
        "content-length", "transfer-encoding", "trailer", "content-encoding", "content-range", "etag", "content-md5",
        "digest", "content-digest",
    ]

    /// The answer to a request that the server has not seen.
    static func own(_ fault: HTTPFault, to method: String, closes: Bool) -> [UInt8] {
        let body = Array((fault.body ?? "").utf8)
        var fields: [(name: String, value: String)] = [
            ("content-type", fault.contentType ?? "text/plain; charset=utf-8")
        ]
        fields.append(("content-length", "\(body.count)"))
        if closes { fields.append(("connection", "close")) }
        return self.head("HTTP/1.1", fault.status ?? 200, fields) + (method == "HEAD" ? [] : body)
    }

    /// The server's answer as the client gets it instead; nil when there is nothing to change.
    ///
    /// - Returns: the bytes up to the server's body, and whether that is left out.
    static func changed(
        _ head: HTTPHead,
        by fault: HTTPFault,
        to method: String,
        framing: HTTPFraming
    ) -> (bytes: [UInt8], dropsBody: Bool)? {
        let before = Int(head.words[1]) ?? 0
        let hasNoBody = before == 204 || before == 304
        if fault.status == nil, hasNoBody || method == "HEAD" { return nil }
        guard let text = fault.body else {
            var fields = hasNoBody ? head.fields.filter { !self.ofBody.contains($0.name) } : head.fields
            if hasNoBody { fields.append(("content-length", "0")) }
            return (self.head(head.words[0], fault.status ?? before, fields), false)
        }
        let body = Array(text.utf8)
        var fields = head.fields.filter { !self.ofBody.contains($0.name) }
        if let type = fault.contentType {
            fields.removeAll { $0.name == "content-type" }
            fields.append(("content-type", type))
        }
        if framing == .untilClose, !head.has("connection") { fields.append(("connection", "close")) }
        fields.append(("content-length", "\(body.count)"))
        return (self.head(head.words[0], fault.status ?? before, fields) + (method == "HEAD" ? [] : body), true)
    }

    private static func head(_ version: String, _ status: Int, _ fields: [(name: String, value: String)]) -> [UInt8] {
        let first = "\(version) \(status) \(self.reasons[status] ?? "")\r\n"
        return Array((first + fields.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n").utf8)
    }
}
