extension ComposeService.Question {
    /// What stands between the words of a shell, and between those of a program that is given to an interpreter.
    private static let separators: Set<Character> = [
        " ", "\t", "\n", "\r", "\r\n", "\"", "'", "(", ")", ";", "|", "&", "<", ">", "`",
    ]

    /// Finds what a health check asks its own container over HTTP; nil when it asks otherwise, or asks somebody else.
    ///
    /// An address without `http://` counts only as a word for curl or wget, which take it for one.
    init?(_ test: String, of service: String) {
        let words = test.split { Self.separators.contains($0) }
        let isClient = words.contains { ["curl", "wget"].contains($0.split(separator: "/").last ?? "") }
        let local: Set<String> = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"]
        let addresses = words.filter { $0.hasPrefix("http://") }.map { $0.dropFirst(7) }
        let bare = isClient && addresses.isEmpty ? words : []
        let asked = addresses.compactMap { Self.parsed($0, hosts: local.union([service])) }
        guard let first = (asked + bare.compactMap { Self.parsed($0, hosts: local) }).first else { return nil }
        self = first
    }

    private static func parsed(_ address: Substring, hosts: Set<String>) -> Self? {
        let authority = address.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        guard let (host, port) = endpoint(place), hosts.contains(host) else { return nil }
        let path = address[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }
        guard path.utf8.allSatisfy(isPlain) else { return nil }
        return Self(port: port, path: path.isEmpty ? "/" : String(path))
    }

    private static func endpoint(_ place: Substring) -> (String, Int)? {
        guard place.last != "]", let colon = place.lastIndex(of: ":") else { return (String(place), 80) }
        guard let port = Int(place[place.index(after: colon)...]), (1...65_535).contains(port) else { return nil }
        return (String(place[..<colon]), port)
    }

    /// A variable of the shell is no path, and what is no letter of a path was not meant as one.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 65...90, 97...122, 48...57: true
        default: "/-._~%!*+,=:@".utf8.contains(byte)
        }
    }
}
