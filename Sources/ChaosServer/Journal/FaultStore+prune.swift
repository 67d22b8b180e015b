import OpsModel
import OpsSystem

extension FaultStore {
    /// Marks a directory that is being removed; it is no fault's name.
    private static let mark = "gone-"

    /// Forgets the oldest closed faults, and what an earlier attempt left behind.
    ///
    /// Nothing depends on it: what cannot be removed now is removed another time.
    func prune(isLatched: () -> Bool, now: Timestamp = .now()) {
        // Unreadable: no reason to remove anything.
        guard let files = try? self.files() else { return }
        let closed = files.compactMap { file -> Retention.Closed? in
            guard !file.machine.isOpen, let end = file.lines.last else { return nil }
            return Retention.Closed(id: file.id, endedAt: end.at.wall)
        }
        for id in Retention().expired(closed, isLatched: isLatched(), now: now) { self.forget(id) }
        for name in (try? FileSystem.list(self.directory)) ?? [] where name.hasPrefix(Self.mark) {
            try? FileSystem.removeTree("\(self.directory)/\(name)")  // litter at worst
        }
    }

    /// Moved away whole first: a record without its last log would look like a fault that is open.
    private func forget(_ id: String) {
        try? FileSystem.move("\(self.directory)/\(id)", to: "\(self.directory)/\(Self.mark)\(id)")
    }
}
