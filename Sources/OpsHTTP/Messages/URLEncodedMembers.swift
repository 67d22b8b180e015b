/// Members of a query or a form: `name=value` pairs joined by `&` (URL Standard, application/x-www-form-urlencoded).
enum URLEncodedMembers {
    /// The members in the order written; nil for a broken escape, bytes that are no UTF-8, and a NUL.
    static func parse(_ text: Substring) -> [(name: String, value: String)]? {
        var members: [(name: String, value: String)] = []
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0].utf8, plusIsSpace: true),
                let value = PercentEncoding.decode((parts.count == 2 ? parts[1] : "").utf8, plusIsSpace: true),
                !name.utf8.contains(0), !value.utf8.contains(0)
            else { return nil }
            members.append((name, value))
        }
        return members
    }
}
