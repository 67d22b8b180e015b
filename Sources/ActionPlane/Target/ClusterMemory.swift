import OpsModel
import OpsSystem

/// Remembers which database cluster is the target's, for the time when it is down and cannot say so itself.
struct ClusterMemory: Sendable {
    /// What a cluster is asked for; the answer's column is `identifier`.
    static let question = "SELECT system_identifier::text AS identifier FROM pg_control_system()"

    /// Where it is written down; in the service's own state directory.
    let path: String
    /// Asks the database that keeps our own records who it is; nil when it does not answer.
    let own: @Sendable () async -> String?

    /// The system identifier that was seen last; nil when none ever was.
    var known: String? {
        // A missing or damaged file means the same: never seen, and then nothing is stopped.
        guard let text = try? FileSystem.text(path, limit: 100) else { return nil }
        return text.isEmpty || !text.utf8.allSatisfy({ (48...57).contains($0) }) ? nil : text
    }

    func remember(_ identifier: String) {
        guard known != identifier else { return }
        // Not written: it is asked for again the next time.
        try? FileSystem.writeAtomically(identifier, to: path)
    }
}
