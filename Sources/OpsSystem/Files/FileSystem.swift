import CLinux
import Glibc

/// The few file operations of the house, each with its failure in words.
public enum FileSystem {
    /// Reads a whole file, refusing one that is larger than `limit` bytes.
    public static func read(_ path: String, limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor(opening: path, O_RDONLY)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = retryInterrupted { Glibc.read(file.raw, &buffer, buffer.count) }
            if count == 0 { return bytes }
            guard count > 0 else { throw SystemError(errno: errno, doing: "read \(path)") }
            bytes += buffer[..<count]
            if bytes.count > limit { throw SystemError(.tooLarge, "\(path) is larger than \(limit) bytes") }
        }
    }

    /// Reads the last `limit` bytes of a file, or all of a smaller one.
    public static func readEnd(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor(opening: path, O_RDONLY)
        let size = lseek(file.raw, 0, SEEK_END)
        guard size >= 0 else { throw SystemError(errno: errno, doing: "read \(path)") }
        var place = max(0, size - limit)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size - place)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let most = min(buffer.count, limit - bytes.count)
            let count = retryInterrupted { pread(file.raw, &buffer, most, place) }
            if count == 0 { break }
            guard count > 0 else { throw SystemError(errno: errno, doing: "read \(path)") }
            bytes += buffer[..<count]
            place += count
        }
        return bytes
    }

    /// Reads a whole file as text.
    public static func text(_ path: String, limit: Int = 16 << 20) throws(SystemError) -> String {
        String(decoding: try self.read(path, limit: limit), as: UTF8.self)
    }

    /// Makes a directory and those above it; one that exists keeps its mode.
    public static func makeDirectory(_ path: String, mode: UInt32 = 0o700) throws(SystemError) {
        if mkdir(path, mode) == 0 {
            chmod(path, mode)  // the umask must not decide
            return
        }
        switch errno {
        case EEXIST where self.isDirectory(path): return
        case ENOENT:
            let parent = self.parent(of: path)
            guard parent != path else { throw SystemError(errno: ENOENT, doing: "make directory \(path)") }
            try self.makeDirectory(parent, mode: mode)
            // Once more and no oftener: in /proc a directory is not found although its parent is there.
            guard mkdir(path, mode) == 0 || errno == EEXIST && self.isDirectory(path) else {
                throw SystemError(errno: errno, doing: "make directory \(path)")
            }
            chmod(path, mode)
        case let number: throw SystemError(errno: number, doing: "make directory \(path)")
        }
    }

    /// The names in a directory, sorted, without `.` and `..`.
    public static func list(_ path: String) throws(SystemError) -> [String] {
        guard let stream = opendir(path) else { throw SystemError(errno: errno, doing: "list \(path)") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Whether something lies there, be it a dangling link.
    public static func exists(_ path: String) -> Bool { self.status(path) != nil }

    /// Whether a directory lies there; links are followed.
    public static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a program lies there that we may start.
    public static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 && !self.isDirectory(path) }

    /// Removes a file, link, socket or empty directory; nothing there is no error.
    public static func remove(_ path: String) throws(SystemError) {
        guard Glibc.remove(path) == 0 || errno == ENOENT else {
            throw SystemError(errno: errno, doing: "remove \(path)")
        }
    }

    /// Removes a directory with all that is in it; links are removed, never followed.
    public static func removeTree(_ path: String) throws(SystemError) {
        guard let status = self.status(path) else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in try self.list(path) { try self.removeTree("\(path)/\(name)") }
        }
        try self.remove(path)
    }

    /// Renames, replacing what lies at `to`, and makes the change last.
    public static func move(_ from: String, to: String) throws(SystemError) {
        guard rename(from, to) == 0 else { throw SystemError(errno: errno, doing: "rename \(from) to \(to)") }
        try self.fsyncDirectory(self.parent(of: to))
    }

    /// Bytes that this user may still write on the file system that holds `path`.
    public static func freeSpace(_ path: String) throws(SystemError) -> UInt64 {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            throw SystemError(errno: errno, doing: "ask for the free space of \(path)")
        }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }

    /// Sets mode and, when given, owner and group.
    public static func setAccess(
        _ path: String,
        mode: UInt32,
        owner: SystemUser? = nil,
        group: UInt32? = nil
    ) throws(SystemError) {
        if owner != nil || group != nil {
            guard chown(path, owner?.uid ?? uid_t.max, group ?? owner?.gid ?? gid_t.max) == 0 else {
                throw SystemError(errno: errno, doing: "give \(path) to \(owner?.name ?? "group \(group ?? 0)")")
            }
        }
        guard chmod(path, mode) == 0 else { throw SystemError(errno: errno, doing: "set the mode of \(path)") }
    }

    /// The directory that holds `path`.
    public static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }
}

extension FileSystem {
    /// Whether other users may pass through a directory; links are followed.
    public static func isOpenToOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o001 != 0
    }

    /// Who owns what lies there; links are not followed.
    public static func owner(_ path: String) -> UInt32? { self.status(path)?.st_uid }

    /// The one true path of what lies there, all links followed; nil when nothing does.
    public static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Where a symbolic link points; nil when there is no link.
    public static func linkTarget(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink(path, &buffer, buffer.count)
        guard count >= 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes a symbolic link, replacing one that exists.
    public static func makeLink(_ path: String, to target: String) throws(SystemError) {
        if self.linkTarget(path) == target { return }
        if self.linkTarget(path) != nil { try self.remove(path) }
        guard symlink(target, path) == 0 else { throw SystemError(errno: errno, doing: "link \(path) to \(target)") }
    }

    /// Makes a second name for a file, or a copy where a second name is not possible; replaces what lies at `to`.
    ///
    /// A file that allows less than `mode`, as a compiler makes it under a narrow umask, is copied.
    public static func linkOrCopy(_ from: String, to path: String, mode: UInt32) throws(SystemError) {
        let isOpenEnough = self.status(from).map { $0.st_mode & mode == mode } ?? false
        if isOpenEnough, let one = self.inode(from), one == self.inode(path) { return }
        try self.remove(path)
        if isOpenEnough, link(from, path) == 0 { return }
        try self.writeAtomically(try self.read(from, limit: 1 << 30), to: path, mode: mode)
    }
}

extension FileSystem {
    /// Whether `path` lies on a file system that copies on write: there, preallocated room is no promise.
    public static func isCopyOnWrite(_ path: String) -> Bool {
        // Magic numbers of btrfs, bcachefs and ZFS, from statfs(2) and from OpenZFS.
        [0x9123_683E, 0xCA45_1A4E, 0x2FC1_2FC1].contains(opslab_linux_filesystem(path))
    }
}
