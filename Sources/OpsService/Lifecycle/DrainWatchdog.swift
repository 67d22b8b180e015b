import Glibc
import OpsModel
import OpsSystem
import Synchronization

/// Ends the process when its services do not; a thread of its own, because the pool may be what hangs.
final class DrainWatchdog: Sendable {
    private let isArmed = Atomic(true)
    private let limit: Duration
    private let logger: Logger

    init(limit: Duration, logger: Logger) {
        self.limit = limit
        self.logger = logger
        startThread(named: "opslab-drain") { self.watch() }
    }

    func disarm() { self.isArmed.store(false, ordering: .relaxed) }

    private func watch() {
        let end = BootClock.now() + UInt64(max(0, self.limit.inSeconds) * 1e9)
        while self.isArmed.load(ordering: .relaxed) {
            guard BootClock.now() < end else { break }
            usleep(10_000)
        }
        guard self.isArmed.load(ordering: .relaxed) else { return }
        self.logger.error("gave up draining", ["drain_s": .double(self.limit.inSeconds)])
        _exit(1)
    }
}
