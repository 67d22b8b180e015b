import FoundationEssentials
import Glibc
import OpsModel
public import OpsTrust
import Synchronization

/// Accepted keys from a JSON file that holds their SHA-256 only, read again whenever the file changes.
///
/// Each entry is `{prefix, sha256, principal, scopes, root}`. A file that is missing or unreadable accepts nobody, and a file
/// that turns bad while the service runs does too: revoking a key must never fail open.
public final class KeyFile: Authenticator {
    private struct Entry: Codable {
        var prefix: String
        var sha256: String
        var principal: String
        var scopes: [String]
        var root: String
    }
    private struct Version: Equatable {
        var inode: UInt64
        var size: Int64
        var seconds: Int64
        var nanoseconds: Int64
    }
    private struct State {
        var version: Version?
        var entries: [String: [Entry]] = [:]
    }

    private let path: String
    private let state = Mutex(State())

    /// Names the file; it is opened at the first question.
    public init(path: String) { self.path = path }

    /// The holder of a key, compared in constant time.
    public func authenticate(key: String) async -> Principal? { lookUp(key: key) }

    /// The same for callers that must not suspend.
    public func lookUp(key: String) -> Principal? {
        guard let presented = APIKey(key) else { return nil }
        return holder(prefix: presented.prefix, hash: presented.hash)
    }

    /// The holder of a key that was shown before and that the caller did not keep, only what identifies it.
    public func holder(prefix: String, hash: Digest) -> Principal? {
        var found: Entry?
        for entry in current(prefix: prefix) where Digest(hex: entry.sha256) == hash { found = entry }
        return found.map { Principal(name: $0.principal, scopes: Set($0.scopes), root: $0.root) }
    }

    private func current(prefix: String) -> [Entry] {
        state.withLock { state in
            let version = Self.version(of: path)
            if version == nil || version != state.version {
                // What could not be read is read again at the next question: it may have been no fault of the file.
                let entries = version == nil ? nil : Self.read(path)
                state = State(version: entries == nil ? nil : version, entries: entries ?? [:])
            }
            return state.entries[prefix] ?? []
        }
    }

    /// Nil when nobody is known because the file cannot be read, or says nothing that makes sense.
    private static func read(_ path: String) -> [String: [Entry]]? {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)),
            let entries = try? OpsJSON.decode([Entry].self, from: bytes)
        else { return nil }
        return Dictionary(grouping: entries, by: \.prefix)
    }

    private static func version(of path: String) -> Version? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Version(
            inode: UInt64(status.st_ino),
            size: Int64(status.st_size),
            seconds: Int64(status.st_mtim.tv_sec),
            nanoseconds: Int64(status.st_mtim.tv_nsec)
        )
    }
}
