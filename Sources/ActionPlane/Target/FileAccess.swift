import Glibc
import OpsSystem

/// Owner, group and mode of a file, to give to its successor.
struct FileAccess: Hashable, Sendable {
    let owner: UInt32
    let group: UInt32
    let mode: UInt32

    /// Reads them; a link is not followed, so that nobody can point us elsewhere.
    init(of path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw SystemError(errno: errno, doing: "look at \(path)") }
        owner = status.st_uid
        group = status.st_gid
        mode = status.st_mode & 0o7777
    }

    /// Gives the successor as much of it as this user may: the group at least, when we are its member.
    func apply(to path: String) {
        if chown(path, owner, group) != 0 { _ = chown(path, uid_t.max, group) }
        _ = chmod(path, mode)
    }
}
