import Glibc

/// Files that hold secrets: made once with mode 0600, read only when nobody else can.
public enum SecretFile {
    /// Writes a new file of mode 0600 and syncs it; an existing file is an error, never overwritten.
    public static func create(_ path: String, _ bytes: [UInt8]) throws(TrustError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure("cannot create", path) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("cannot write", path) }
            written += count
        }
        guard fsync(file) == 0 else { throw failure("cannot sync", path) }
    }

    /// Reads a file of at most 64 KiB that belongs to this user or root and that others can neither read nor write.
    ///
    /// Reading by the owner's group is allowed, because service users share some files that way.
    public static func read(_ path: String) throws(TrustError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("cannot open", path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("cannot inspect", path) }
        guard status.st_mode & 0o027 == 0 else {
            throw TrustError(.fileUnsafe, "\(path) can be read by others or written by its group; run chmod 0600 on it")
        }
        return try contents(of: file, path)
    }

    private static func contents(of file: Int32, _ path: String) throws(TrustError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var filled = 0
        while filled < buffer.count {
            let count = buffer[filled...].withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot read", path) }
            if count == 0 { return Array(buffer.prefix(filled)) }
            filled += count
        }
        throw TrustError(.fileUnreadable, "\(path) is larger than 64 KiB and so is no key file")
    }

    private static func failure(_ what: String, _ path: String) -> TrustError {
        TrustError(.fileUnreadable, "\(what) \(path): \(String(cString: strerror(errno)))")
    }
}
