import OpsModel
import OpsPostgres
import OpsService
import OpsSystem
import OpsTrust

/// Takes snapshots of the tables that the topology declares, as often as it says, and at once of a database that is new.
///
/// In between it asks how much was written, so that a plan can say what would be lost.
actor SnapshotKeeper: Service {
    nonisolated let tables: [String]
    nonisolated let shelf: SnapshotShelf
    private let database: PostgresConfiguration
    private let every: Duration
    private let logger: Logger
    /// Between two looks whether one is due.
    private let pause: Duration
    private var written: [String: TableWrites] = [:]
    private var obstacle: String?

    init(
        database: PostgresConfiguration,
        tables: [String],
        every: Duration,
        shelf: SnapshotShelf,
        logger: Logger,
        pause: Duration = .seconds(2)
    ) {
        self.database = database
        self.tables = tables
        self.every = every
        self.shelf = shelf
        self.logger = logger
        self.pause = pause
    }

    func run() async throws {
        while !Task.isCancelled {
            do throws(ActionError) {
                try await look()
                tell(nil)
            } catch {
                tell(error.message)
            }
            try? await Task.sleep(for: pause)  // cancellation is seen above
        }
    }

    /// Counts what was written, and takes a snapshot if one is due.
    func look(at now: Timestamp = .now()) async throws(ActionError) {
        let names = tables
        let (number, counts) = try await DatabaseDesk(configuration: database).visit { connection in
            (
                try await connection.query(SnapshotSQL.database).only().string("number"),
                try await connection.query(SnapshotSQL.writes, [.textArray(names)])
            )
        }
        for row in counts {
            guard let name = row["name"] else { continue }
            written[name] = TableWrites(added: row.optionalInt("added") ?? 0, changed: row.optionalInt("changed") ?? 0)
        }
        let last = shelf.snapshots.last { $0.database == number }
        if let last, now.microseconds - last.at.microseconds < Int64(every.inSeconds * 1_000_000) { return }
        try await take(at: now)
    }

    /// What was written to a table after it was copied, as far as the last look knew.
    func writes(since copy: TableCopy) -> TableWrites { (written[copy.name] ?? copy.writes).since(copy.writes) }

    /// Reads first and writes then: a disk that is slow holds no transaction open.
    func take(at now: Timestamp = .now()) async throws(ActionError) {
        let names = tables
        let read = try await DatabaseDesk(configuration: database).visit { connection in
            try await SnapshotReader(connection: connection).read(names)
        }
        let size = read.rows.values.reduce(0) { $0 + $1.count }
        guard size * (shelf.keep + tables.count) <= SnapshotShelf.largest else {
            throw ActionError(.recordUnwritable, "the tables are too large for snapshots: \(size >> 20) MiB together")
        }
        let snapshot = Snapshot(
            id: "\(now.microseconds)",
            at: now,
            database: read.database,
            schema: read.schema,
            tables: read.copies
        )
        do throws(SystemError) { try shelf.add(snapshot, read.rows) } catch {
            throw ActionError(.recordUnwritable, "the snapshot cannot be written: \(error.message)")
        }
    }

    /// Says each obstacle once: a database that is away would be told of every two seconds.
    private func tell(_ found: String?) {
        if let found, found != obstacle { logger.warning("no snapshot was taken", ["error": .string(found)]) }
        obstacle = found
    }
}
