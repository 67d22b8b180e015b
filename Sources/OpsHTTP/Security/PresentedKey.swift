import FoundationEssentials

/// The key a request carries.
///
/// Only headers count: a browser sends cookies along by itself, a header it does not.
enum PresentedKey {
    /// Reads it; nil when there is none.
    ///
    /// Where `acceptsBasic`, it may also be the password of HTTP's Basic scheme, which a browser may send along by itself: what
    /// comes from another page is refused by its origin then.
    static func read(_ headers: HTTPHeaders, acceptsBasic: Bool = false) throws(HTTPError) -> String? {
        var keys = Set(headers.all("X-API-Key"))
        for value in headers.all("Authorization") {
            let parts = value.split(separator: " ", maxSplits: 1)
            if acceptsBasic, parts.count == 2, parts[0].lowercased() == "basic", let key = password(in: parts[1]) {
                keys.insert(key)
                continue
            }
            guard parts.count == 2, parts[0].lowercased() == "bearer" else {
                throw .unauthorized("The Authorization header is not of the Bearer kind.")
            }
            keys.insert(String(parts[1].drop { $0 == " " }))
        }
        guard keys.count < 2 else { throw .unauthorized("The request carries two different keys.") }
        return keys.first
    }

    /// What stands behind the colon in the Basic scheme's text (RFC 7617); nil for a text that is none.
    private static func password(in text: Substring) -> String? {
        let bytes = Data(base64Encoded: String(text.drop { $0 == " " })) ?? Data()
        let words = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1)
        return words.count == 2 ? String(words[1]) : nil
    }
}
