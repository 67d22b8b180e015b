import OpsModel
import OpsPostgres

/// The queue in the database.
///
/// A job is taken in one statement and is then ours until it is done, put back or our process ends.
struct JobQueue: Sendable {
    struct Job: Sendable, Equatable {
        var id: Int
        var kind: String
        var payload: String
        var attempt: Int
    }

    struct Depth: Sendable, Equatable {
        var queued = 0
        var oldestSeconds = 0.0
    }

    let database: ShopDatabase
    let worker: String
    private let startedAt = Timestamp.now()

    init(database: ShopDatabase, worker: String) {
        self.database = database
        self.worker = worker
    }

    /// Takes the oldest ready jobs; others' workers skip what we hold.
    func take(_ count: Int) async throws -> [Job] {
        try await database.query(
            """
            UPDATE jobs SET state = 'running', attempts = attempts + 1, worker = $1, started_at = now()
            WHERE id IN (
              SELECT id FROM jobs WHERE state = 'queued' AND run_at <= now() ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
            )
            RETURNING id, kind, payload, attempts
            """,
            [.text(worker), .int(count)]
        ).map { row in
            Job(
                id: try row.int("id"),
                kind: try row.string("kind"),
                payload: try row.string("payload"),
                attempt: try row.int("attempts")
            )
        }
    }

    /// Marks an order as fulfilled and its job as done, together.
    func fulfil(_ job: Job) async throws {
        try await database.query(
            """
            WITH done AS (DELETE FROM jobs WHERE id = $1 RETURNING payload)
            UPDATE orders SET state = 'fulfilled', updated_at = now() FROM done
            WHERE orders.id = done.payload AND orders.state = 'paid'
            """,
            [.int(job.id)]
        )
    }

    /// Puts a job back for later: a second after the first try, up to a minute after many.
    func putBack(_ job: Job) async throws {
        try await database.query(
            "UPDATE jobs SET state = 'queued', run_at = now() + make_interval(secs => $2) WHERE id = $1",
            [.int(job.id), .int(min(60, 1 << min(job.attempt - 1, 6)))]
        )
    }

    /// Takes back what an earlier process of ours held when it ended.
    func reclaim() async throws -> Int {
        try await database.query(
            "UPDATE jobs SET state = 'queued' WHERE state = 'running' AND worker = $1 AND started_at < $2",
            [.text(worker), .timestamp(startedAt)]
        ).affected
    }

    func depth() async throws -> Depth {
        let row = try await database.query(
            """
            SELECT count(*) AS queued, coalesce(extract(epoch FROM now() - min(created_at)), 0) AS oldest
            FROM jobs WHERE state = 'queued'
            """
        ).only()
        return Depth(queued: try row.int("queued"), oldestSeconds: try row.double("oldest"))
    }
}
