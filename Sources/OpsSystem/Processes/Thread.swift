import CLinux
import Glibc

/// Starts a thread for work that must not wait for the task pool: signals, a last deadline, an emergency door.
package func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    let work = Unmanaged.passRetained(ThreadWork(name: name, body: body)).toOpaque()
    var thread = pthread_t()
    if pthread_create(&thread, nil, threadEntry, work) == 0 {
        pthread_detach(thread)
    } else {
        Unmanaged<ThreadWork>.fromOpaque(work).release()
    }
}

private final class ThreadWork: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

private let threadEntry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
    guard let context else { return nil }
    let work = Unmanaged<ThreadWork>.fromOpaque(context).takeRetainedValue()
    _ = opslab_linux_set_name(work.name)
    work.body()
    return nil
}
