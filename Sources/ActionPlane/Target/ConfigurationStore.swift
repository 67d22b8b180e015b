import OpsModel
import OpsRuntime
import OpsSystem

/// One configuration file with its history, changed by compare-and-swap only.
struct ConfigurationStore: Sendable {
    let file: Target.ConfigurationFile
    private var history: ConfigurationHistory { ConfigurationHistory(directory: file.history) }

    /// What the file says now.
    func read() throws(ActionError) -> EnvironmentFile {
        do { return try EnvironmentFile(path: file.path) } catch {
            throw ActionError(.targetUnreadable, "\(file.name) cannot be read: \(error.message)")
        }
    }

    /// The number of the last version in the history; 0 when there is none.
    func version() throws(ActionError) -> Int {
        try looking { () throws(SystemError) in try history.versions().first ?? 0 }
    }

    /// A kept version by the hash of its bytes, the newest first; nil when it was never kept.
    func version(withHash hash: String) throws(ActionError) -> EnvironmentFile? {
        try looking { () throws(SystemError) -> EnvironmentFile? in
            for version in try history.versions() {
                let kept = try history.content(of: version)
                if kept.hash == hash { return kept }
            }
            return nil
        }
    }

    /// What a kept version would be today: its settings with the secrets of now, which nobody else has gone back to.
    func version(_ number: Int, keepingSecretsOf now: EnvironmentFile) throws(ActionError) -> EnvironmentFile {
        let kept = try looking { () throws(SystemError) in try history.content(of: number) }
        return file.secrets.sorted().reduce(kept) { file, key in
            guard let secret = now[key], secret != file[key] else { return file }
            return file.setting(key, to: secret)
        }
    }

    /// The newest version whose settings are others than now; comments and secrets are no settings.
    func versionBefore(_ now: EnvironmentFile) throws(ActionError) -> Int? {
        try looking { () throws(SystemError) -> Int? in
            for version in try history.versions() {
                let kept = try history.content(of: version)
                if !kept.differences(from: now, but: file.secrets).isEmpty { return version }
            }
            return nil
        }
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
            try history.keep(old.bytes, sha256: old.hash, author: author)
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

    private func looking<Value>(_ body: () throws(SystemError) -> Value) throws(ActionError) -> Value {
        do throws(SystemError) { return try body() } catch {
            throw ActionError(.targetUnreadable, "the history of \(file.name) cannot be read: \(error.message)")
        }
    }
}
