import OpsModel
import OpsSystem
import OpsTrust

/// One configuration file with its history, changed by compare-and-swap only.
struct ConfigurationStore: Sendable {
    let file: Target.ConfigurationFile

    /// Who wrote a version, beside the version itself.
    private struct Entry: Codable {
        var version: Int
        var time: Timestamp
        var author: String
        var sha256: String
    }

    /// What the file says now.
    func read() throws(ActionError) -> EnvironmentFile {
        do { return try EnvironmentFile(path: file.path) } catch {
            throw ActionError(.targetUnreadable, "\(file.name) cannot be read: \(error.message)")
        }
    }

    /// The number of the last version in the history; 0 when there is none.
    func version() throws(ActionError) -> Int {
        do {
            guard FileSystem.exists(file.history) else { return 0 }
            return try FileSystem.list(file.history).compactMap(Self.version(of:)).max() ?? 0
        } catch {
            throw ActionError(.targetUnreadable, "the history of \(file.name) cannot be read: \(error.message)")
        }
    }

    /// A kept version by the hash of its bytes, the newest first; nil when it was never kept.
    func version(withHash hash: String) throws(ActionError) -> EnvironmentFile? {
        do {
            for name in try FileSystem.list(file.history).reversed() where name.hasSuffix(".env") {
                let kept = try EnvironmentFile(path: "\(file.history)/\(name)")
                if kept.hash == hash { return kept }
            }
        } catch {
            throw ActionError(.targetUnreadable, "the history of \(file.name) cannot be read: \(error.message)")
        }
        return nil
    }

    /// Puts a new text in place if the present one has this hash; the old one stays in the history.
    ///
    /// The new file is swapped with the old one in one step, and swapped back when what came out is not what was expected:
    /// nobody's change is lost, and no reader ever finds the name missing.
    func replace(expecting hash: String, with new: EnvironmentFile, author: String) throws(ActionError) {
        let aside = "\(file.path).\(Identifier.random())"
        do {
            try copyAccess(to: aside, writing: new)
            try FileSystem.exchange(aside, file.path)
            let old = try EnvironmentFile(path: aside)
            guard old.hash == hash else {
                try FileSystem.exchange(aside, file.path)
                try FileSystem.remove(aside)
                throw ActionError(.factsDrifted, "somebody else changed \(file.name) in the same moment")
            }
            try keep(old, author: author)
            try FileSystem.remove(aside)
        } catch let error as ActionError {
            throw error
        } catch {
            throw ActionError(.effectFailed, "\(file.name) could not be replaced: \(error)")
        }
    }

    /// A sibling with the new text and the access rights of the present file.
    private func copyAccess(to path: String, writing new: EnvironmentFile) throws {
        let access = try FileAccess(of: file.path)
        try FileSystem.writeAtomically(new.bytes, to: path, mode: access.mode)
        // Not the owner's user: then the group is what gives the owner access, and the mode was copied.
        access.apply(to: path)
    }

    private func keep(_ old: EnvironmentFile, author: String) throws {
        let version = try version() + 1
        let name = String("000000\(version)".suffix(6))
        let entry = Entry(version: version, time: .now(), author: author, sha256: old.hash)
        try FileSystem.writeAtomically(old.bytes, to: "\(file.history)/\(name).env", mode: 0o640)
        try FileSystem.writeAtomically(OpsJSON.encode(entry), to: "\(file.history)/\(name).json", mode: 0o640)
    }

    private static func version(of name: String) -> Int? {
        name.hasSuffix(".env") ? Int(name.dropLast(4)) : nil
    }
}
