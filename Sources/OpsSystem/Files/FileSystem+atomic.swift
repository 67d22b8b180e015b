import CLinux
import Glibc

extension FileSystem {
    /// What tells one file from another that later takes its name.
    public struct Inode: Hashable, Sendable, Codable {
        /// The device of its file system.
        public let device: UInt64
        /// Its number there.
        public let number: UInt64
    }

    /// Replaces a file so that readers see the old content or the new, also after a power cut.
    ///
    /// An existing file keeps its owner, group and, unless `mode` is given, its mode; a new one is 0600.
    public static func writeAtomically(_ bytes: [UInt8], to path: String, mode: UInt32? = nil) throws(SystemError) {
        let existing = self.status(path)
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max))"
        do throws(SystemError) {
            try self.writeNew(
                bytes,
                to: temporary,
                mode: mode ?? existing.map { $0.st_mode & 0o7777 } ?? 0o600,
                like: existing
            )
            guard rename(temporary, path) == 0 else { throw SystemError(errno: errno, doing: "replace \(path)") }
        } catch {
            unlink(temporary)
            throw error
        }
        try self.fsyncDirectory(self.parent(of: path))
    }

    /// Replaces a text file; see the form with bytes.
    public static func writeAtomically(_ text: String, to path: String, mode: UInt32? = nil) throws(SystemError) {
        try self.writeAtomically(Array(text.utf8), to: path, mode: mode)
    }

    /// Swaps two files in one step: at no moment is either name missing.
    public static func exchange(_ first: String, _ second: String) throws(SystemError) {
        guard opslab_linux_rename_exchange(first, second) == 0 else {
            throw SystemError(errno: errno, doing: "exchange \(first) and \(second)")
        }
        try self.fsyncDirectory(self.parent(of: first))
    }

    /// Renames only if nothing lies at `to`.
    public static func moveNew(_ from: String, to: String) throws(SystemError) {
        guard opslab_linux_rename_new(from, to) == 0 else {
            throw SystemError(errno: errno, doing: "rename \(from) to \(to)")
        }
        try self.fsyncDirectory(self.parent(of: to))
    }

    /// Makes renames and new names in a directory last.
    public static func fsyncDirectory(_ path: String) throws(SystemError) {
        try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY).sync(doing: "sync directory \(path)")
    }

    /// Which file has this name now; nil when none has.
    public static func inode(_ path: String) -> Inode? {
        self.status(path).map { Inode(device: UInt64($0.st_dev), number: UInt64($0.st_ino)) }
    }

    private static func writeNew(
        _ bytes: [UInt8],
        to path: String,
        mode: UInt32,
        like existing: stat?
    ) throws(SystemError) {
        let file = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        try file.write(bytes, doing: "write \(path)")
        // As another user than the owner this is refused, and then the new file is ours: the content matters more.
        if let existing, existing.st_uid != geteuid() || existing.st_gid != getegid() {
            _ = fchown(file.raw, existing.st_uid, existing.st_gid)
        }
        guard fchmod(file.raw, mode) == 0 else { throw SystemError(errno: errno, doing: "set the mode of \(path)") }
        try file.sync(doing: "sync \(path)")
    }
}
