import CLinux
import Glibc

/// Starts a thread for work that must not wait for the task pool: signals, a last deadline, an emergency door.
package func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    let work = Unmanaged.passRetained(ThreadWork(name: name, body: body)).toOpaque()
    var thread = pthread_t()
    if pthread_create(&thread, nil, threadEntry, work) == 0 {
        pthread_detach(thread)
    } else {
        // Whoever waits for the thread would wait for ever; a process that ends is started again, or undone by its guard.
        let text = "no thread could be started: the limit of processes or of memory is reached (ulimit -u, ulimit -v)\n"
        text.withCString { _ = write(2, $0, strlen($0)) }
        _exit(71)
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
