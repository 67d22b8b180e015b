import Glibc
import OpsModel
import OpsSystem

/// The files of a directory that the topology calls disposable and that nobody works with.
///
/// Whoever writes such a file holds its lock meanwhile (`flock`), and one that was written to a moment ago counts as in use in any
/// case. Links are never followed, and nothing outside the directory is looked at.
struct DisposableFiles: Sendable {
    /// One file, named so that no other can be taken for it.
    struct Entry: Hashable, Sendable {
        /// Relative to the directory.
        var name: String
        var device: UInt64
        var inode: UInt64
        var bytes: Int
    }

    /// A file that was written to less than these seconds ago is somebody's work.
    static let leastAge = 3.0
    /// No more than these are removed at once, the largest first.
    static let most = 40

    let path: String
    /// Such as `*.part` or `tmp/*`.
    let patterns: [String]

    /// What may be removed now, the largest first.
    func removable(now: Timestamp = .now()) throws(ActionError) -> [Entry] {
        let directory = try ConfinedDirectory(path)
        var found: [Entry] = []
        for name in try names(below: directory.path) {
            guard let status = status(of: name), age(status, now) >= Self.leastAge, isFree(name, status) else {
                continue
            }
            found.append(entry(name, status))
        }
        return Array(found.sorted { ($0.bytes, $1.name) > ($1.bytes, $0.name) }.prefix(Self.most))
    }

    /// Whether that very file is still there.
    func isThere(_ entry: Entry) -> Bool {
        guard let status = status(of: entry.name) else { return false }
        return isSame(entry, status)
    }

    /// Removes that very file if nobody has its lock; one that is gone is no error.
    func remove(_ entry: Entry) throws(ActionError) {
        guard isThere(entry) else { return }
        let lock: FileDescriptor
        do throws(SystemError) { lock = try open(entry.name) } catch {
            if error.code == .notFound { return }
            throw ActionError(.effectFailed, error.message)
        }
        var held = stat()
        guard fstat(lock.raw, &held) == 0, isSame(entry, held) else { return }
        guard flock(lock.raw, LOCK_EX | LOCK_NB) == 0 else {
            throw ActionError(.factsDrifted, "somebody works with \(entry.name) again")
        }
        // Under its lock the name still means this file, or somebody has replaced it and that one stays.
        guard isThere(entry) else { return }
        guard unlink("\(path)/\(entry.name)") == 0 || errno == ENOENT else {
            let reason = SystemError(errno: errno, doing: "remove \(entry.name)").message
            throw ActionError(.effectFailed, reason)
        }
    }

    /// Names that a pattern allows: of the directory itself, or of one directory in it.
    private func names(below root: String) throws(ActionError) -> [String] {
        var names: Set<String> = []
        for pattern in patterns {
            let parts = pattern.split(separator: "/").map(String.init)
            guard (1...2).contains(parts.count), !pattern.hasPrefix("/"), !parts.contains("..") else { continue }
            let folder = parts.count == 2 ? parts[0] + "/" : ""
            let place = folder.isEmpty ? root : "\(root)/\(parts[0])"
            guard folder.isEmpty || isPlainDirectory(place) else { continue }
            do throws(SystemError) {
                for name in try FileSystem.list(place) where fnmatch(parts[parts.count - 1], name, FNM_PERIOD) == 0 {
                    names.insert(folder + name)
                }
            } catch {
                throw ActionError(.targetUnreadable, error.message)
            }
        }
        return names.sorted()
    }

    /// Nil for what is no plain file, links included.
    private func status(of name: String) -> stat? {
        var status = stat()
        guard lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return status
    }

    private func isPlainDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private func open(_ name: String) throws(SystemError) -> FileDescriptor {
        try FileDescriptor(opening: "\(path)/\(name)", O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    }

    /// One that cannot be opened cannot be asked whether somebody works with it.
    private func isFree(_ name: String, _ status: stat) -> Bool {
        guard let file = try? open(name) else { return false }
        return flock(file.raw, LOCK_EX | LOCK_NB) == 0
    }

    private func age(_ status: stat, _ now: Timestamp) -> Double {
        now.secondsSinceEpoch - (Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9)
    }

    private func entry(_ name: String, _ status: stat) -> Entry {
        Entry(
            name: name,
            device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino),
            bytes: Int(status.st_blocks) * 512
        )
    }

    private func isSame(_ entry: Entry, _ status: stat) -> Bool {
        UInt64(status.st_dev) == entry.device && UInt64(status.st_ino) == entry.inode
    }
}
