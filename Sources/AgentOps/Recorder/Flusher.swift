import OpsModel
import OpsPostgres
import OpsService
import Synchronization

/// Carries records from the spool into the database, each exactly once, in order.
///
/// The database's own position of the writer decides what is stored; an answer that got lost is resolved by reading it.
actor Flusher {
    struct Progress: Sendable {
        var stored = 0
        var isConnected = false
        var failure: String?
    }

    private let configuration: RecorderConfiguration
    private let registration: Registration
    private let runID: String
    private let spool: Spool
    private let logger: Logger
    private let shared = Mutex(Progress())
    private let writer: String

    private var desk: RecordDesk?
    private var epoch: Int?
    private var isFenced = false
    private var limit: Int
    private var retryAt = ContinuousClock.now
    private var backOff: Duration = .milliseconds(100)
    private var heartbeatAt = ContinuousClock.now
    private var isFlushing = false

    init(
        _ configuration: RecorderConfiguration,
        _ registration: Registration,
        runID: String,
        spool: Spool,
        logger: Logger
    ) {
        self.configuration = configuration
        self.registration = registration
        self.runID = runID
        self.spool = spool
        self.logger = logger
        writer = "\(configuration.writer).\(spool.identity)"
        limit = configuration.batch
    }

    nonisolated var progress: Progress { shared.withLock { $0 } }

    /// Syncs the spool and sends what is there; errors are kept in the progress and tried again later.
    func flush() async {
        guard !isFlushing else { return }  // an actor lets others in while it waits
        isFlushing = true
        defer { isFlushing = false }
        spool.declareDropped { [runID] count in
            SpooledEvent(event: .loss(count: count, reason: "the spool was full"), runID: runID).members()
        }
        guard spool.sync(), !isFenced else { return }
        do {
            guard let desk = try await reachable() else { return }
            while try await sendBatch(desk) {}
            try await beat(desk)
        } catch let error as PostgresError {
            failed(error)
        } catch {
            failed(PostgresError(.unreachable, "\(error)"))
        }
    }

    /// Lets the next flush try, however lately the last one failed.
    func retryAtOnce() { retryAt = .now }

    /// Marks run and agent as ended, if the database can be reached.
    func leave() async {
        guard let desk else { return }
        do { try await desk.leave(registration, run: runID) } catch {
            logger.warning("the end of the run was not stored", ["error": .string("\(error)")])
        }
        desk.close()
        self.desk = nil
    }

    private func reachable() async throws -> RecordDesk? {
        if let desk, !desk.isClosed { return desk }
        guard .now >= retryAt else { return nil }
        let desk = try await RecordDesk.open(try configuration.connection())
        let position = try await claim(desk)
        guard epoch == nil || epoch == position.epoch else {
            isFenced = true
            shared.withLock { $0.failure = "another process writes as \(writer)" }
            logger.error("the recorder is shut out by a newer process", ["writer": .string(writer)])
            desk.close()
            return nil
        }
        epoch = position.epoch
        shared.withLock { $0 = Progress(stored: position.last, isConnected: true) }
        backOff = .milliseconds(100)
        self.desk = desk
        return desk
    }

    /// The first connection of a process takes the writer over; later ones only look.
    private func claim(_ desk: RecordDesk) async throws -> (epoch: Int, last: Int) {
        try await desk.register(registration, run: runID)
        if epoch == nil { return try await desk.takeOver(writer, from: spool.first - 1) }
        return try await desk.position(of: writer)
    }

    /// Sends one batch; false when there is nothing left to send.
    private func sendBatch(_ desk: RecordDesk) async throws -> Bool {
        let stored = progress.stored
        let lines = spool.lines(after: stored, count: limit)
        guard let first = lines.first else { return try await declareDamaged(desk, after: stored) }
        guard first.number == stored + 1 else {
            try await declareLoss(desk, stored + 1...first.number - 1, "the records are not in the spool")
            return true
        }
        let batch = lines.enumerated().prefix { $0.element.number == stored + 1 + $0.offset }.map(\.element)
        guard let refusal = try await refusal(desk, batch, after: stored) else {
            limit = configuration.batch
            return true
        }
        if batch.count == 1 {
            try await declareLoss(desk, first.number...first.number, refusal)
        } else {
            limit = max(1, batch.count / 2)  // find the record that the database refuses
        }
        return true
    }

    /// Stores a batch; the database's reason when a value in it is to blame.
    private func refusal(_ desk: RecordDesk, _ batch: [SpoolLine], after stored: Int) async throws -> String? {
        do {
            try await store(desk, batch, after: stored)
            return nil
        } catch {
            guard error.code == .statementFailed, error.isDataError else { throw error }
            return error.message
        }
    }

    private func store(_ desk: RecordDesk, _ batch: [SpoolLine], after stored: Int) async throws(PostgresError) {
        let count = try await desk.store(batch, writer: writer, epoch: epoch ?? 0, after: stored)
        guard count == batch.count else { throw PostgresError(.connectionLost, "the writer's position has moved") }
        shared.withLock { $0.stored = stored + batch.count }
        spool.discard(through: stored + batch.count)
    }

    /// Records that are counted as synced and cannot be read any more.
    private func declareDamaged(_ desk: RecordDesk, after stored: Int) async throws -> Bool {
        let synced = spool.state.withLock { $0.synced }
        guard synced > stored, spool.lines(after: stored, count: 1).isEmpty else { return synced > stored }
        try await declareLoss(desk, stored + 1...synced, "the records in the spool are damaged")
        return true
    }

    private func declareLoss(_ desk: RecordDesk, _ numbers: ClosedRange<Int>, _ reason: String) async throws {
        logger.error(
            "records are lost",
            ["from": .int(numbers.lowerBound), "to": .int(numbers.upperBound), "reason": .string(reason)]
        )
        let event = Event.loss(count: numbers.count, reason: reason, from: numbers.lowerBound, to: numbers.upperBound)
        let members = SpooledEvent(event: event, runID: runID).members()
        try await desk.declareLoss(numbers, members: members, writer: writer, epoch: epoch ?? 0)
        shared.withLock { $0.stored = numbers.upperBound }
    }

    private func beat(_ desk: RecordDesk) async throws {
        guard .now >= heartbeatAt else { return }
        heartbeatAt = .now.advanced(by: .seconds(5))
        try await desk.beat(registration)
    }

    private func failed(_ error: PostgresError) {
        desk?.close()
        desk = nil
        retryAt = .now.advanced(by: backOff)
        backOff = min(backOff * 2, .seconds(2))
        let isNew = shared.withLock { progress in
            defer { (progress.isConnected, progress.failure) = (false, "\(error)") }
            return progress.failure == nil
        }
        if isNew { logger.warning("records wait in the spool", ["error": .string("\(error)")]) }
    }
}

extension PostgresError {
    /// Whether a value is to blame, so that the same batch will fail again.
    var isDataError: Bool { sqlState.map { $0.hasPrefix("22") || $0.hasPrefix("23") } ?? false }
}

extension Event {
    static func loss(count: Int, reason: String, from: Int? = nil, to: Int? = nil) -> Event {
        var payload: [String: JSONValue] = ["count": .int(count), "reason": .string(reason)]
        if let from, let to { payload.merge(["from": .int(from), "to": .int(to)]) { $1 } }
        return Event(.lifecycle, "recorder.loss", payload: .object(payload))
    }
}
