import OpsModel
import OpsPostgres
import OpsService
import OpsSystem
import Synchronization

/// Takes jobs and carries them out, a few at a time.
///
/// What the database or the disk refuses is tried again later. A job that nobody knows ends the process, once the others have
/// finished theirs: its supervisor starts it anew, and the attempts of that job tell what happens.
final class Worker: Service {
    private struct Started {
        var job = 0
        var attempt = 0
        var at = 0.0
    }

    /// A process that ends sooner is given up by its supervisor as one that cannot start.
    private static let leastLife: Duration = .seconds(2)

    private let queue: JobQueue
    private let fulfilment: Fulfilment
    private let limit: Int
    private let logger: Logger
    private let finished: Counter
    private let busy = Mutex(0)
    private let depth = Mutex(JobQueue.Depth())
    private let started = Mutex(Started())
    private let isHalted = Mutex(false)
    private let born = ContinuousClock.now

    init(_ queue: JobQueue, _ fulfilment: Fulfilment, limit: Int, logger: Logger, metrics: MetricsRegistry) {
        self.queue = queue
        self.fulfilment = fulfilment
        self.limit = limit
        self.logger = logger
        finished = metrics.counter("shop_jobs_total", "Jobs by how they ended.", labels: ["result"])
        publish(in: metrics)
    }

    private func publish(in metrics: MetricsRegistry) {
        metrics.gauge("shop_workers_busy", "Jobs running.") { [self] in [([], Double(busy.withLock { $0 }))] }
        metrics.gauge("shop_workers_max", "Jobs allowed at a time.") { [limit] in [([], Double(limit))] }
        metrics.gauge("shop_queue_depth", "Jobs that wait.") { [self] in [([], Double(depth.withLock { $0.queued }))] }
        metrics.gauge("shop_queue_oldest_seconds", "Age of the oldest job that waits.") { [self] in
            [([], depth.withLock { $0.oldestSeconds })]
        }
        metrics.gauge("shop_queue_last_started_job", "The job taken last.") { [self] in
            [([], Double(started.withLock { $0.job }))]
        }
        metrics.gauge("shop_queue_last_started_attempt", "Which try of it that was.") { [self] in
            [([], Double(started.withLock { $0.attempt }))]
        }
        metrics.gauge("shop_queue_last_started_timestamp_seconds", "When it was taken.") { [self] in
            [([], started.withLock { $0.at })]
        }
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.watchDepth() }
            // First of all what an earlier process left undone, in its old order.
            try await self.reclaim()
            for _ in 0..<limit { group.addTask { try await self.work() } }
            do { for try await _ in group {} } catch is CancellationError {}
            group.cancelAll()
        }
    }

    private func work() async throws {
        while !Task.isCancelled, !isHalted.withLock({ $0 }) {
            do {
                let jobs = try await queue.take(1)
                for job in jobs { try await carryOut(job) }
                if jobs.isEmpty { try await Task.sleep(for: .milliseconds(150)) }
            } catch let error as PostgresError {
                complain("jobs cannot be taken", error)
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func carryOut(_ job: JobQueue.Job) async throws {
        busy.withLock { $0 += 1 }
        defer { busy.withLock { $0 -= 1 } }
        started.withLock { $0 = Started(job: job.id, attempt: job.attempt, at: Timestamp.now().secondsSinceEpoch) }
        let start = ContinuousClock.now
        do {
            try await fulfilment.run(job)
            finished.add(1, ["done"])
            if start.duration(to: .now) > .milliseconds(120) {
                logger.warning("job took longer than planned", ["job": .int(job.id)])
            }
        } catch let error as SystemError {
            try await failed(job, error)
        } catch let error as PostgresError {
            try await failed(job, error)
        } catch let error as UnknownJob {
            isHalted.withLock { $0 = true }
            complain("job is not known", error, job)
            try await Task.sleep(until: max(born + Self.leastLife, .now + .milliseconds(500)), clock: .continuous)
            throw error
        }
    }

    private func failed(_ job: JobQueue.Job, _ error: any Error) async throws {
        finished.add(1, ["failed"])
        complain("job failed", error, job)
        // Until it is back in the queue nobody else can take it, so this is tried for as long as the database is away.
        while !Task.isCancelled {
            do { return try await queue.putBack(job) } catch is PostgresError {
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    private func complain(_ message: StaticString, _ error: any Error, _ job: JobQueue.Job? = nil) {
        var fields: [String: JSONValue] = ["error": .string("\(error)")]
        if let state = (error as? PostgresError)?.sqlState { fields["sqlstate"] = .string(state) }
        if let number = (error as? SystemError)?.errno { fields["errno"] = .int(Int(number)) }
        if let job { fields.merge(["job": .int(job.id), "attempt": .int(job.attempt)]) { $1 } }
        logger.error(message, fields)
    }

    private func reclaim() async throws {
        while !Task.isCancelled {
            do {
                let count = try await queue.reclaim()
                if count > 0 { logger.warning("jobs of an earlier start were taken back", ["count": .int(count)]) }
                return
            } catch {
                complain("jobs of an earlier start cannot be taken back", error)
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func watchDepth() async throws {
        while !Task.isCancelled {
            // While the database is away the last known depth stays; the failing calls are counted where they are made.
            if let now = try? await queue.depth() { depth.withLock { $0 = now } }
            try await Task.sleep(for: .seconds(1))
        }
    }
}
