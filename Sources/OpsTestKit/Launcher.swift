import Glibc
public import OpsSystem
import Synchronization

/// Starts programs from one thread that never ends.
///
/// A parent-death signal follows the thread that started the child, not the process; threads of the pool come and go.
public final class Launcher: Sendable {
    /// The only launcher of the process.
    public static let shared = Launcher()

    private typealias Order = (Spawn, CheckedContinuation<Result<ChildProcess, SystemError>, Never>)
    private let orders = Mutex<[Order]>([])
    private let bell: Int32
    private let listener: Int32

    private init() {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (listener, bell) = (ends[0], ends[1])
        var thread = pthread_t()
        pthread_create(&thread, nil, launcherThread, Unmanaged.passRetained(self).toOpaque())
        pthread_detach(thread)
    }

    /// Starts a program whose parent-death signal, if it asks for one, means the death of this process.
    public func start(_ spawn: Spawn) async throws(SystemError) -> ChildProcess {
        let result = await withCheckedContinuation { continuation in
            orders.withLock { $0.append((spawn, continuation)) }
            var one: UInt8 = 1
            write(bell, &one, 1)
        }
        return try result.get()
    }

    fileprivate func work() {
        var byte: UInt8 = 0
        while read(listener, &byte, 1) == 1 {
            guard let (spawn, continuation) = orders.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
            continuation.resume(returning: Result { () throws(SystemError) in try spawn.start() })
        }
    }
}

private let launcherThread: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
    guard let context else { return nil }
    Unmanaged<Launcher>.fromOpaque(context).takeUnretainedValue().work()
    return nil
}
