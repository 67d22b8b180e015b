import OpsHTTP

/// The cookies that came with a request.
///
/// A name that came with two different values names nothing: somebody else may have set the other.
struct Cookies: Sendable {
    /// The pages that cookies of the approvals are sent to.
    private static let path = "/approvals"

    private var values: [String: Set<String>] = [:]

    init(_ headers: HTTPHeaders) {
        for pair in headers.all("Cookie").flatMap({ $0.split(separator: ";") }) {
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmed(" ") }
            if parts.count == 2 { values[parts[0], default: []].insert(parts[1]) }
        }
    }

    subscript(name: String) -> String? {
        guard let found = values[name], found.count == 1 else { return nil }
        return found.first
    }

    /// The field that has a browser keep a value, out of reach of scripts and of forms on other sites.
    static func keeping(_ name: String, _ value: String, seconds: Int) -> String {
        "\(name)=\(value); Path=\(path); Max-Age=\(seconds); HttpOnly; SameSite=Strict"
    }

    /// The field that has a browser forget a value.
    static func forgetting(_ name: String) -> String { keeping(name, "", seconds: 0) }
}

extension Substring {
    /// The text without a character at either end.
    fileprivate func trimmed(_ character: Character) -> String {
        var text = drop { $0 == character }
        while text.last == character { text.removeLast() }
        return String(text)
    }
}
