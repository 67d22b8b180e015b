import CLinux
import Glibc
import Synchronization

/// An append-only log of lines, each on disk before `append` returns.
///
/// The file is preallocated, so lines that undo something can be written on a full disk. After one failed write or sync the
/// journal is dead: the kernel may have dropped the data and a second sync would lie.
///
/// - Important: One process writes a journal; the constructor takes a lock that it keeps.
public final class Journal: Sendable {
    private struct State {
        var end: Int
        var allocated: Int
        var isDead = false
    }

    private static let name = "journal.log"
    private let directory: String
    private let reserve: Int
    private let lock: FileLock
    private let file: FileDescriptor
    private let state: Mutex<State>

    /// Opens the journal in a directory, making both when missing, and removes the damaged tail of an interrupted write.
    public init(directory: String, reserve: Int = 1 << 18) throws(SystemError) {
        try FileSystem.makeDirectory(directory)
        guard let lock = try FileLock.tryAcquire(Self.lock(in: directory)) else {
            throw SystemError(.locked, "another process writes the journal in \(directory); stop it first")
        }
        let path = "\(directory)/\(Self.name)"
        let isNew = !FileSystem.exists(path)
        let file = try FileDescriptor(opening: path, O_RDWR | O_CREAT)
        if isNew { try FileSystem.fsyncDirectory(directory) }
        let bytes = try FileSystem.read(path, limit: .max)
        let contents = JournalFrame.decode(bytes)
        try Self.clear(file, from: contents.end, to: bytes.count, bytes)
        self.directory = directory
        self.reserve = reserve
        self.lock = lock
        self.file = file
        self.state = Mutex(State(end: contents.end, allocated: bytes.count))
        _ = self.hasReserve
    }

    /// The file that a journal's writer keeps locked.
    public static func lock(in directory: String) -> String { "\(directory)/lock" }

    /// The intact records of a journal in order, and how many lines were damaged; a missing journal is an empty one.
    public static func read(_ directory: String) throws(SystemError) -> (records: [[UInt8]], torn: Int) {
        let path = "\(directory)/\(Self.name)"
        guard FileSystem.exists(path) else { return ([], 0) }
        let contents = JournalFrame.decode(try FileSystem.read(path, limit: .max))
        return (contents.records, contents.torn)
    }

    /// Whether the promised room is there; without it nothing new may be begun.
    public var hasReserve: Bool {
        self.state.withLock { state in !state.isDead && self.allocate(&state, room: self.reserve) }
    }

    /// Whether a write or sync has failed; a dead journal stays dead.
    public var isDead: Bool { self.state.withLock { $0.isDead } }

    /// Bytes in use.
    public var size: Int { self.state.withLock { $0.end } }

    /// Writes one line and returns when it is on disk.
    public func append(_ line: [UInt8]) throws(SystemError) {
        guard !line.contains(0), !line.contains(UInt8(ascii: "\n")) else {
            throw SystemError(.invalidArgument, "a journal line must not contain a line break or a zero byte")
        }
        let frame = JournalFrame.encode(line)
        let failure: SystemError? = self.state.withLock { state in
            guard !state.isDead else { return Self.dead(self.directory) }
            _ = self.allocate(&state, room: frame.count)  // a file system without room says so in the write
            do throws(SystemError) {
                try self.write(frame, at: state.end)
            } catch {
                state.isDead = true
                return error
            }
            state.end += frame.count
            return nil
        }
        if let failure { throw failure }
    }

    private func write(_ frame: [UInt8], at offset: Int) throws(SystemError) {
        let count = frame.withUnsafeBytes { bytes in
            retryInterrupted { pwrite(self.file.raw, bytes.baseAddress, bytes.count, off_t(offset)) }
        }
        guard count == frame.count else {
            throw SystemError(errno: count < 0 ? errno : ENOSPC, doing: "write the journal in \(self.directory)")
        }
        guard retryInterrupted({ fdatasync(self.file.raw) }) == 0 else {
            throw SystemError(errno: errno, doing: "sync the journal in \(self.directory)")
        }
    }

    private func allocate(_ state: inout State, room: Int) -> Bool {
        let wanted = state.end + room
        guard wanted > state.allocated else { return true }
        let length = max(wanted - state.allocated, self.reserve)
        guard opslab_linux_allocate(self.file.raw, Int64(state.allocated), Int64(length)) == 0,
            fsync(self.file.raw) == 0
        else { return false }
        state.allocated += length
        return true
    }

    private static func clear(
        _ file: FileDescriptor,
        from start: Int,
        to end: Int,
        _ bytes: [UInt8]
    ) throws(SystemError) {
        guard start < end, bytes[start..<end].contains(where: { $0 != 0 }) else { return }
        let zeros = [UInt8](repeating: 0, count: end - start)
        guard pwrite(file.raw, zeros, zeros.count, off_t(start)) == zeros.count, fsync(file.raw) == 0 else {
            throw SystemError(errno: errno, doing: "clear the damaged end of a journal")
        }
    }

    private static func dead(_ directory: String) -> SystemError {
        SystemError(
            .journalDead,
            "the journal in \(directory) failed earlier; restart the service once the disk is well"
        )
    }
}
