/// The hash that ties an audit row to everything before it.
public enum AuditLink {
    private static let domain = Array("opslab/audit/1\0".utf8)

    /// What the first row of a chain has as its predecessor: 32 zero bytes in hexadecimal digits.
    public static let genesis = String(repeating: "0", count: 64)

    /// The hash of a row over its predecessor's hash, its place and its fields.
    ///
    /// Every field is preceded by its length, so that text cannot move from one field into the next.
    public static func hash(previous: String, sequence: Int, fields: [String?]) -> String {
        var message = domain
        append(previous, to: &message)
        append(String(sequence), to: &message)
        for field in fields { append(field, to: &message) }
        return Digest.sha256(message).hex
    }

    private static func append(_ field: String?, to message: inout [UInt8]) {
        guard let field else { return message.append(0) }
        message.append(1)
        message.append(contentsOf: String(field.utf8.count).utf8)
        message.append(UInt8(ascii: ":"))
        message.append(contentsOf: field.utf8)
    }
}
