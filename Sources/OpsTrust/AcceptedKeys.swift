/// The keys that somebody lets in, written down by what identifies them and never as they are: one SHA-256 to a line.
///
/// Whoever reads the list can tell whether a key is on it, and can find no key in it. Lines that hold no digest say nothing.
public struct AcceptedKeys: Hashable, Sendable {
    /// The list as it stands in its file.
    public let text: String

    /// Reads a list.
    public init(text: String) { self.text = text }

    /// A list with these keys, and no others.
    public init(of keys: [String]) { text = keys.map { Self.line(of: $0) }.joined() }

    /// What identifies the list as a whole, in hexadecimal digits: as `sha256sum` gives them for its file.
    public var fingerprint: String { Digest.sha256(text).hex }

    /// Whether a key is let in; how long that takes tells nothing about the keys that are.
    public func accepts(_ key: String) -> Bool {
        let digest = Digest.sha256(key)
        return lines.reduce(false) { found, line in Digest(hex: line) == digest || found }
    }

    /// The same list, and this key on it.
    public func adding(_ key: String) -> AcceptedKeys {
        if accepts(key) { return self }
        let isEnded = text.isEmpty || text.hasSuffix("\n")
        return AcceptedKeys(text: text + (isEnded ? "" : "\n") + Self.line(of: key))
    }

    /// The same list without this key; everything else in it stays as it is.
    public func removing(_ key: String) -> AcceptedKeys {
        let digest = Digest.sha256(key)
        let kept = lines.filter { Digest(hex: $0) != digest }
        return AcceptedKeys(text: kept.joined(separator: "\n"))
    }

    private var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    private static func line(of key: String) -> String { Digest.sha256(key).hex + "\n" }
}
