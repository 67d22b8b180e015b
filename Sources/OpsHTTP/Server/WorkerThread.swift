import Glibc
import OpsSystem

/// Blocking work outside the task pool.
enum WorkerThread {
    /// Runs blocking work on a thread of its own and waits for it without holding a thread of the pool.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            startThread(named: "http-work") { continuation.resume(returning: body()) }
        }
    }

    /// Blocks the calling thread; never to be used on the task pool.
    static func rest(_ time: Duration) { usleep(UInt32(min(60, max(0.001, time.inSeconds)) * 1e6)) }
}
