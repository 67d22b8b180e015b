import Glibc
import OpsSystem
import Synchronization

/// Signals are taken by one thread that does nothing else, so a busy pool cannot delay an end.
public enum Signals {
    private static let handlers = Mutex<[@Sendable (Int32) -> Void]>([])
    private static let isWaiting = Mutex(false)

    /// Blocks the signals of this thread and all that it starts, and ignores SIGPIPE.
    ///
    /// - Important: Call it as the first thing in `main`, before any other thread exists.
    public static func blockAll() {
        blockSignals()
        ignoreBrokenPipes()
    }

    /// Calls the handler on the signal thread for each SIGTERM, SIGINT or SIGHUP; the third one ends the process at once.
    public static func onTermination(_ handler: @escaping @Sendable (Int32) -> Void) {
        self.handlers.withLock { $0.append(handler) }
        let isFirst = self.isWaiting.withLock { isWaiting in
            defer { isWaiting = true }
            return !isWaiting
        }
        if isFirst { startThread(named: "opslab-signals") { self.deliver() } }
    }

    private static func deliver() {
        let wanted = [SIGTERM, SIGINT, SIGHUP]
        var count = 0
        while true {
            guard let signal = awaitSignal(wanted) else { continue }
            count += 1
            if count > 2 { _exit(128 + signal) }
            for handler in self.handlers.withLock({ $0 }) { handler(signal) }
        }
    }
}
