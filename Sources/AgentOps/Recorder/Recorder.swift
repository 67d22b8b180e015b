import OpsModel
public import OpsService
import OpsSystem
import Synchronization

/// Writes down what a process does: first into its own spool, from there into the AgentOps tables.
///
/// `record` never waits for a database or a disk. Run the recorder as the last service of the group, so that it sends what
/// the others recorded while they ended.
public final class Recorder: Service {
    /// How the recorder is doing.
    public struct Status: Hashable, Sendable {
        /// The number of the last record in the spool.
        public var recorded: Int
        /// The number up to which the database has everything.
        public var stored: Int
        /// How many records had no room; a `loss` event tells of them as soon as there is room again.
        public var dropped: Int
        /// Whether the database answers.
        public var isConnected: Bool
        /// Why nothing is stored at the moment.
        public var failure: String?
    }

    /// The run of this process, under which its events stand unless they name another.
    public let runID: String
    private let spool: Spool?
    private let flusher: Flusher?
    private let interval: Duration
    private let farewell: Duration

    /// Opens the spool and records that the process has started; the database is not asked yet.
    public init(
        _ configuration: RecorderConfiguration,
        registration: Registration,
        logger: Logger = .silent
    ) throws(AgentOpsError) {
        let spool = try Spool(directory: configuration.spool, limit: configuration.spoolLimit)
        runID = Identifier.random(prefix: "run", length: 20)
        interval = configuration.interval
        farewell = configuration.farewell
        self.spool = spool
        flusher = Flusher(configuration, registration, runID: runID, spool: spool, logger: logger)
        record(Event(.lifecycle, "process.started", payload: ["agent": .string(registration.id)]))
    }

    private init() {
        runID = Identifier.random(prefix: "run", length: 20)
        interval = .seconds(1)
        farewell = .zero
        spool = nil
        flusher = nil
    }

    /// A recorder for processes that are not to be recorded.
    public static let disabled = Recorder()

    /// Whether anything is recorded at all.
    public var isEnabled: Bool { spool != nil }

    /// How the recorder is doing.
    public var status: Status {
        guard let spool, let flusher else { return Status(recorded: 0, stored: 0, dropped: 0, isConnected: false) }
        let progress = flusher.progress
        return Status(
            recorded: spool.last,
            stored: progress.stored,
            dropped: spool.dropped,
            isConnected: progress.isConnected,
            failure: progress.failure
        )
    }

    /// Writes an event into the spool; when there is no room it is counted, and the count is recorded later.
    public func record(_ event: Event) {
        _ = spool?.append(SpooledEvent(event: event, runID: runID).members())
    }

    /// Writes an event and returns when the disk has it, for records that must precede an effect.
    public func recordDurably(_ event: Event) throws(AgentOpsError) {
        guard let spool else { return }
        guard spool.append(SpooledEvent(event: event, runID: runID).members(), mustKeep: true) != nil else {
            throw AgentOpsError(.spoolFull, "the record could not be written; free disk space where the spool is")
        }
        guard spool.sync() else {
            throw AgentOpsError(.spoolFailed, "the record could not be synced; the disk of the spool is failing")
        }
    }

    /// Sends what is recorded until the task is cancelled, then what is left, within the time for that.
    public func run() async throws {
        guard let flusher else { return await Self.untilCancelled() }
        while !Task.isCancelled {
            await flusher.flush()
            do { try await Task.sleep(for: interval) } catch { break }
        }
        await finish()
    }

    /// Waits until everything recorded so far is stored; false when the time is up first.
    public func flush(within limit: Duration) async -> Bool {
        guard let spool, let flusher else { return true }
        let last = spool.last
        let deadline = ContinuousClock.now.advanced(by: limit)
        while true {
            await flusher.flush()
            if flusher.progress.stored >= last { return true }
            guard .now < deadline, !Task.isCancelled else { return false }
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return false }
        }
    }

    /// Records the end of the process and sends what is left.
    ///
    /// It runs beside the cancelled task, or nothing could be sent, and nothing that hangs holds the end up.
    private func finish() async {
        record(Event(.lifecycle, "process.stopped"))
        await Task { [farewell] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.sendLast() }
                group.addTask { try? await Task.sleep(for: farewell) }  // cancelled once everything is sent
                await group.next()
                group.cancelAll()
            }
        }.value
    }

    /// A database that is away is not waited for: the spool is there for the next start.
    private func sendLast() async {
        guard let spool, let flusher else { return }
        let last = spool.last
        await flusher.retryAtOnce()
        while true {
            await flusher.flush()
            guard flusher.progress.isConnected else { return }
            if flusher.progress.stored >= last { break }
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
        }
        await flusher.leave()
    }

    private static func untilCancelled() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(3_600)) } catch { return }
        }
    }
}
