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
    func replace(expecting hash: String, with new: EnvironmentFile, author: String) throws(ActionError) {
        let isReplaced: Bool
        do throws(SystemError) {
            isReplaced = try FileSwap(path: file.path).replace(expecting: hash, with: new.bytes) {
                (old: [UInt8]) throws(SystemError) in
                try history.keep(old, sha256: hash, author: author)
            }
        } catch {
            throw ActionError(.effectFailed, "\(file.name) could not be replaced: \(error)")
        }
        guard isReplaced else {
            throw ActionError(.factsDrifted, "somebody else changed \(file.name) in the same moment")
        }
        // What cannot be removed now is removed after the next change.
        if let kept = file.kept { try? history.trim(to: kept) }
    }

    private func looking<Value>(_ body: () throws(SystemError) -> Value) throws(ActionError) -> Value {
        do throws(SystemError) { return try body() } catch {
            throw ActionError(.targetUnreadable, "the history of \(file.name) cannot be read: \(error.message)")
        }
    }
}
