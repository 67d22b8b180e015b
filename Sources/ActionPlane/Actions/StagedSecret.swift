import OpsModel
import OpsSystem
import OpsTrust

/// A new password, on disk before the role gets it: a crash in between can then only go forward or back, never get lost.
struct StagedSecret: Hashable, Sendable, Codable {
    var password: String
    /// What PostgreSQL stores for the new password, computed here: known before it is set.
    var verifier: String
    /// What it stores now, to put back byte for byte.
    var oldVerifier: String

    enum CodingKeys: String, CodingKey {
        case password, verifier
        case oldVerifier = "old_verifier"
    }

    /// What stands in facts, claims and records in the place of a verifier.
    static func fingerprint(_ verifier: String) -> String { Digest.sha256(verifier).hex }
}

/// A new key with the lists that let it in, on disk before anybody is told of it.
struct StagedKey: Hashable, Sendable, Codable {
    var key: String
    /// The key that the users have until then.
    var oldKey: String
    /// The provider's list as it was, to put back byte for byte.
    var before: String

    enum CodingKeys: String, CodingKey {
        case key, before
        case oldKey = "old_key"
    }

    var old: AcceptedKeys { AcceptedKeys(text: before) }
    /// The list that lets both in, as long as some users have the one and some the other.
    var both: AcceptedKeys { old.adding(key) }
    /// The list at the end.
    var new: AcceptedKeys { both.removing(oldKey) }
}

/// The directory of staged secrets, readable by this service's user alone.
struct StagedSecrets: Sendable {
    let directory: String

    /// 192 bits in letters, digits, hyphens and underscores: safe in a file of `KEY=value` lines.
    static func random() -> String { Base64URL.encode((0..<24).map { _ in UInt8.random(in: .min ... .max) }) }

    func write(_ secret: some Encodable, run: String) throws(ActionError) {
        do {
            try FileSystem.makeDirectory(directory, mode: 0o700)
            try SecretFile.create(path(run), OpsJSON.encode(secret))
            try FileSystem.fsyncDirectory(directory)
        } catch {
            throw ActionError(.recordUnwritable, "the new secret cannot be put aside, so nothing is changed")
        }
    }

    func read<Secret: Decodable>(_ type: Secret.Type, run: String) throws(ActionError) -> Secret {
        do { return try OpsJSON.decode(type, from: SecretFile.read(path(run))) } catch {
            throw ActionError(.effectFailed, "the secret that was put aside for this run cannot be read")
        }
    }

    func remove(run: String) throws(ActionError) {
        do { try FileSystem.remove(path(run)) } catch {
            throw ActionError(.effectFailed, "the secret that was put aside cannot be removed: \(error.message)")
        }
    }

    private func path(_ run: String) -> String { "\(directory)/\(run).json" }
}
