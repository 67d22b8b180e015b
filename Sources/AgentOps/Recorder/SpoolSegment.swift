import Glibc
import OpsSystem

/// One file of the spool.
///
/// Its name is the number of its first record, so an empty one still tells how far the spool is.
final class SpoolSegment: Sendable {
    let first: Int
    let path: String
    let file: Int32

    /// Opens or makes the segment that begins with this number.
    init(directory: String, first: Int) throws(AgentOpsError) {
        self.first = first
        path = "\(directory)/\(Self.name(first))"
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw AgentOpsError(.spoolFailed, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(file) }

    static func name(_ first: Int) -> String {
        let digits = String(first)
        return String(repeating: "0", count: max(0, 19 - digits.count)) + digits + ".spool"
    }

    /// The first number of a segment with this file name; nil for other files.
    static func first(ofFileNamed name: String) -> Int? {
        name.hasSuffix(".spool") ? Int(name.dropLast(6)) : nil
    }

    /// Everything in the file from an offset on, at most `limit` bytes.
    func read(from offset: Int, limit: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            while filled < limit, let base = buffer.baseAddress {
                let count = pread(file, base + filled, limit - filled, off_t(offset + filled))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                filled += count
            }
        }
    }

    /// One write at the end; false, with nothing left behind, when the disk does not take all of it.
    func append(_ bytes: [UInt8], at end: Int) -> Bool {
        let count = bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, off_t(end)) }
        if count == bytes.count { return true }
        ftruncate(file, off_t(end))
        return false
    }

    func truncate(to end: Int) { ftruncate(file, off_t(end)) }

    /// Whether everything written so far is on the disk now.
    func sync() -> Bool { fdatasync(file) == 0 }
}
