internal import OpsTrust

/// Secrets come from files of Observer's own, one in each.
enum Secret {
    static func password(_ path: String?) throws -> String? { try text(path) }

    static func key(_ path: String?) throws -> String? { try text(path) }

    private static func text(_ path: String?) throws -> String? {
        guard let path, !path.isEmpty else { return nil }
        let text = String(decoding: try SecretFile.read(path), as: UTF8.self)
        return String(text.reversed().drop(while: \.isWhitespace).reversed())
    }
}
