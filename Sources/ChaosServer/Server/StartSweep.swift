import Glibc
import OpsModel
import OpsService
import OpsSystem

/// Takes back, before anything listens, what an earlier life of this service left open.
struct StartSweep {
    private static let patience: UInt64 = 10_000_000_000
    let state: String
    let logger: Logger

    /// The faults that still wait for their target; the watch goes on with them.
    func run() throws -> [FaultFile] {
        let store = FaultStore(state: self.state)
        let survey = try store.survey()
        if !survey.unreadable.isEmpty {
            let names = survey.unreadable.joined(separator: ", ")
            self.logger.error("records of faults cannot be read, look at the disk", ["faults": .string(names)])
        }
        let found = survey.files.map { Sweep.Found(id: $0.id, fault: $0.machine, bootID: $0.bootID) }
        let orders = Sweep(bootID: BootClock.bootID).orders(for: found)
        guard !orders.isEmpty else { return [] }
        self.logger.warning("faults were left open, taking them back", ["count": .int(orders.count)])
        var children = try orders.map { try RevertProgram.spawn([$0.id], state: self.state, cause: $0.cause) }
        let end = BootClock.now() + Self.patience
        while !children.isEmpty, BootClock.now() < end {
            _ = Descriptors.ready(children.map(\.handle.fd), milliseconds: 100)
            children.removeAll { $0.reap() != nil }
        }
        return try store.survey().open
    }
}
