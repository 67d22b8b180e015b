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

/// The directory of staged secrets, readable by this service's user alone.
struct StagedSecrets: Sendable {
    let directory: String

    func write(_ secret: StagedSecret, run: String) throws(ActionError) {
        do {
            try FileSystem.makeDirectory(directory, mode: 0o700)
            try SecretFile.create(path(run), OpsJSON.encode(secret))
            try FileSystem.fsyncDirectory(directory)
        } catch {
            throw ActionError(.recordUnwritable, "the new secret cannot be put aside, so nothing is changed")
        }
    }

    func read(run: String) throws(ActionError) -> StagedSecret {
        do { return try OpsJSON.decode(StagedSecret.self, from: SecretFile.read(path(run))) } catch {
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
