import OpsRuntime
import OpsSystem

/// Keeps an applied fault: notices when somebody ended it, and brings a condition about again.
struct Keeper {
    private static let pause: UInt64 = 400_000_000
    let fault: any Fault
    let order: HoldOrder
    let store: FaultStore
    let latch: LatchFile
    let log: Journal

    /// Returns when the fault has to end.
    func keep(until lookout: Lookout) {
        var isReleased = false
        var nextLook = BootClock.now()
        while !lookout.watch([]) {
            guard !isReleased, BootClock.now() >= nextLook else { continue }
            nextLook = BootClock.now() + Self.pause
            // A target that does not answer now is asked again.
            switch try? self.fault.look() {
            case .released:
                isReleased = true
                // Only a report's detail is lost when the line is.
                try? self.log.append(JournalLine(.released))
            case .gone: self.reassert()
            case .present, nil: break
            }
        }
    }

    /// Under the same rules as the first time: lock, latch, fence, and a look at the latch right after.
    private func reassert() {
        guard let plan = (try? self.store.file(self.order.id))?.plan,
            let lock = try? FileLock.acquireBlocking(
                self.order.shared.resources.lockFile(plan.resource),
                mode: 0o660,
                within: .milliseconds(200)
            )
        else { return }
        defer { lock.release() }
        guard self.latch.read() == nil,
            let machine = (try? self.store.file(self.order.id))?.machine,
            machine.mayApply(fence: machine.armedFence ?? 0)
        else { return }
        // The next look finds out whether it worked; a latch that rose meanwhile ends this process in a moment.
        try? self.fault.reassert()
    }
}
