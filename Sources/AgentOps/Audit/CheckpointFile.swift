import Glibc
import OpsSystem

/// The lines of a file that only grows; a line stands in it whole or not at all.
struct CheckpointFile: Sendable {
    let path: String

    /// Adds one line; what the disk does not take whole is taken back.
    func append(_ line: [UInt8]) throws(AgentOpsError) {
        let file = try open(O_CREAT)
        defer { close(file) }
        let end = lseek(file, 0, SEEK_END)
        let count = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard count == line.count else {
            if count > 0, end >= 0 { ftruncate(file, end) }  // if that fails too, the next start cuts it off
            throw AgentOpsError(.spoolFailed, "cannot write \(path)")
        }
        guard fsync(file) == 0 else { throw AgentOpsError(.spoolFailed, "cannot write \(path)") }
    }

    /// Cuts off a last line that never got its end, before another one is written behind it.
    ///
    /// A broken line that has an end, or others behind it, was no accident and stays where it is.
    func cutTornTail() throws {
        guard FileSystem.exists(path) else { return }
        let bytes = try FileSystem.read(path, limit: Self.limit)
        let whole = Self.wholeLength(of: bytes)
        guard whole < bytes.count else { return }
        let file = try open()
        defer { close(file) }
        guard ftruncate(file, off_t(whole)) == 0, fsync(file) == 0 else {
            throw AgentOpsError(.spoolFailed, "cannot cut the torn last line off \(path)")
        }
    }

    /// The most that such a file may hold.
    static let limit = 256 << 20

    /// The bytes up to the end of the last line that has one.
    static func wholeLength(of bytes: [UInt8]) -> Int { (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1 }

    private func open(_ more: Int32 = 0) throws(AgentOpsError) -> Int32 {
        let file = Glibc.open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | more, 0o644)
        guard file >= 0 else { throw AgentOpsError(.spoolFailed, "cannot open \(path)") }
        return file
    }
}
