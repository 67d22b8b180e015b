import OpsModel
import OpsSystem

/// The directory of schedules: one file each, replaced as a whole, so that a reader finds the old state or the new.
struct ScheduleStore: Sendable {
    let directory: String

    init(state: String) { self.directory = "\(state)/schedules" }

    func prepare() throws(SystemError) { try FileSystem.makeDirectory(self.directory, mode: 0o700) }

    /// What could be read, and the names of what could not; that is left as it is.
    func load() throws(SystemError) -> (records: [ScheduleRecord], unreadable: [String]) {
        var (records, unreadable): ([ScheduleRecord], [String]) = ([], [])
        for file in try FileSystem.list(self.directory) where file.hasSuffix(Self.suffix) {
            let name = String(file.dropLast(Self.suffix.count))
            if let bytes = try? FileSystem.read("\(self.directory)/\(file)", limit: 1 << 20),
                let record = try? OpsJSON.decode(ScheduleRecord.self, from: bytes), record.schedule.name == name
            {
                records.append(record)
            } else {
                unreadable.append(name)
            }
        }
        return (records, unreadable)
    }

    /// Returns when it is on disk.
    func write(_ record: ScheduleRecord) throws(ChaosError) {
        do {
            try FileSystem.writeAtomically(try OpsJSON.encode(record), to: self.path(record.schedule.name), mode: 0o600)
        } catch {
            throw ChaosError(
                .journalFailed,
                "the schedule could not be recorded: \(error)",
                hint: "see the disk of the state directory"
            )
        }
    }

    func remove(_ name: String) throws(ChaosError) {
        do throws(SystemError) {
            try FileSystem.remove(self.path(name))
            try FileSystem.fsyncDirectory(self.directory)
        } catch {
            throw ChaosError(.journalFailed, "the schedule could not be removed: \(error.message)")
        }
    }

    private static let suffix = ".json"
    private func path(_ name: String) -> String { "\(self.directory)/\(name)\(Self.suffix)" }
}
