public import OpsModel
import OpsSystem
public import OpsTrust

/// A signed statement, kept outside the database, of how the chain stood at a moment.
public struct AuditCheckpoint: Hashable, Sendable, Codable {
    /// The organisation whose chain it is.
    public var organisation: String
    /// The number of the last row.
    public var seq: Int
    /// Its hash.
    public var hash: String
    /// When the statement was made.
    public var at: Timestamp
    /// The key that signed it.
    public var keyID: String
    /// The signature in base64url.
    public var signature: String

    enum CodingKeys: String, CodingKey {
        case organisation = "org"
        case seq, hash, at
        case keyID = "kid"
        case signature = "sig"
    }

    /// Signs how the chain stands now.
    public init(organisation: String, head: AuditHead, at moment: Timestamp = .now(), signedBy key: SigningKey) {
        self.organisation = organisation
        seq = head.seq
        hash = head.hash
        at = moment
        keyID = key.id
        signature = ""
        signature = Base64URL.encode(key.sign(message))
    }

    /// Whether the statement is the signer's own, by one of these keys.
    public func isGenuine(_ keys: [PublicKey]) -> Bool {
        guard let key = keys.first(where: { $0.id == keyID }), let bytes = Base64URL.decode(signature) else {
            return false
        }
        return key.verifies(bytes, over: message)
    }

    private var message: [UInt8] {
        let link = AuditLink.hash(
            previous: "opslab/checkpoint/1",
            sequence: seq,
            fields: [organisation, hash, String(at.microseconds), keyID]
        )
        return Array("opslab/checkpoint/1\0\(link)".utf8)
    }

    /// Reads a file of statements, one JSON document on each line; a torn last line is left out.
    ///
    /// - Throws: `record_unreadable` for any other line that is no statement: no crash leaves one.
    public static func read(_ path: String) throws -> [AuditCheckpoint] {
        guard FileSystem.exists(path) else { return [] }
        let text = try FileSystem.text(path, limit: 256 << 20)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return try lines.enumerated().map { index, line in
            do { return try OpsJSON.decode(AuditCheckpoint.self, from: line.utf8) } catch {
                throw AgentOpsError(
                    .unreadable,
                    "line \(index + 1) of \(path) is no checkpoint, so the file was changed; compare it with a copy"
                )
            }
        }
    }
}
