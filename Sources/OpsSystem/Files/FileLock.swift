import Glibc
import Synchronization

/// An exclusive lock on a file, dropped by the kernel when its holder dies.
public final class FileLock: Sendable {
    /// The file that stands for what is locked.
    public let path: String
    private let descriptor: Mutex<FileDescriptor?>

    private init(path: String, descriptor: FileDescriptor) {
        self.path = path
        self.descriptor = Mutex(descriptor)
    }

    /// Closing would not be enough: a child between its fork and its exec shares the lock, and would keep it for that long.
    deinit { self.release() }

    /// Takes the lock if nobody holds it; nil when somebody does.
    public static func tryAcquire(_ path: String, mode: UInt32 = 0o600) throws(SystemError) -> FileLock? {
        let file = try FileDescriptor(opening: path, O_RDWR | O_CREAT, mode: mode)
        guard retryInterrupted({ flock(file.raw, LOCK_EX | LOCK_NB) }) == 0 else {
            if errno == EWOULDBLOCK { return nil }
            throw SystemError(errno: errno, doing: "lock \(path)")
        }
        // Somebody may have removed the file between our open and our lock: then we hold a lock that nobody else can see.
        var held = stat()
        guard fstat(file.raw, &held) == 0, let now = FileSystem.status(path), now.st_ino == held.st_ino,
            now.st_dev == held.st_dev
        else { return nil }
        return FileLock(path: path, descriptor: file)
    }

    /// Waits for the lock without holding a thread.
    ///
    /// - Throws: `locked` when the time is up, `cancelled` when the task is.
    public static func acquire(
        _ path: String,
        mode: UInt32 = 0o600,
        within limit: Duration
    ) async throws(SystemError) -> FileLock {
        let end = BootClock.now() + limit.nanoseconds
        var pause: UInt64 = 1
        while true {
            if let lock = try self.tryAcquire(path, mode: mode) { return lock }
            guard BootClock.now() < end else { throw self.busy(path, limit) }
            do { try await Task.sleep(for: .milliseconds(pause)) } catch {
                throw SystemError(.cancelled, "stopped waiting for \(path)")
            }
            pause = min(pause * 2, 20)
        }
    }

    /// Waits for the lock on this thread: for programs that have no tasks.
    public static func acquireBlocking(
        _ path: String,
        mode: UInt32 = 0o600,
        within limit: Duration
    ) throws(SystemError) -> FileLock {
        let end = BootClock.now() + limit.nanoseconds
        while true {
            if let lock = try self.tryAcquire(path, mode: mode) { return lock }
            guard BootClock.now() < end else { throw self.busy(path, limit) }
            usleep(2_000)
        }
    }

    /// The process that took the lock on this file, as the kernel tells; nil when nobody has it or the kernel does not say.
    public static func holder(of path: String) -> Int32? {
        guard let status = FileSystem.status(path),
            let table = try? FileSystem.text("/proc/locks", limit: 1 << 20)  // not there: the kernel does not say
        else { return nil }
        let device = UInt64(status.st_dev)
        let major = String(device >> 8 & 0xFFF | device >> 32 & ~0xFFF, radix: 16)
        let minor = String(device & 0xFF | device >> 12 & 0xFFF_FF00, radix: 16)
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ")  // number, kind, …, process, device and inode
            guard words.count > 5, words[1] == "FLOCK", let place = words.dropFirst(5).first else { continue }
            let parts = place.split(separator: ":").map { $0.drop { $0 == "0" } }
            if parts == [major.drop { $0 == "0" }, minor.drop { $0 == "0" }, Substring("\(status.st_ino)")] {
                return Int32(words[4])
            }
        }
        return nil
    }

    /// Gives the lock back; calling it twice does no harm.
    public func release() {
        guard let file = self.descriptor.withLock({ $0.take() }) else { return }
        flock(file.raw, LOCK_UN)
    }

    private static func busy(_ path: String, _ limit: Duration) -> SystemError {
        SystemError(.locked, "somebody else holds \(path), waited \(limit.inSeconds) s")
    }
}
