import OpsSystem
import Synchronization

/// A bounded set of connections to one server, lent for the time of a closure.
///
/// A connection that broke, grew old or was left inside a transaction is not lent again. Waiters are served in order.
public final class PostgresPool: Sendable {
    /// What the pool is doing now.
    public struct Statistics: Hashable, Sendable {
        /// Connections lent to somebody, those being opened included.
        public var inUse: Int
        /// Callers that wait for one.
        public var waiting: Int
        /// The most connections there may be.
        public var limit: Int
        /// Open connections that nobody uses.
        public var idle: Int
    }

    /// Where the connections lead.
    public let configuration: PostgresConfiguration
    let acquireTimeout: Duration
    private let lifetime: Duration
    private let state: Mutex<PoolState>

    /// A pool that opens its first connection when somebody asks for one.
    ///
    /// - Parameters:
    ///   - configuration: Where the connections lead.
    ///   - limit: The most connections there may be.
    ///   - acquireTimeout: How long a caller waits for a connection before it gets `postgres_pool_exhausted`.
    ///   - lifetime: The age at which a connection is replaced.
    public init(
        _ configuration: PostgresConfiguration,
        limit: Int,
        acquireTimeout: Duration = .seconds(3),
        lifetime: Duration = .seconds(1_800)
    ) {
        self.configuration = configuration
        self.acquireTimeout = acquireTimeout
        self.lifetime = lifetime
        state = Mutex(PoolState(limit: max(1, limit)))
    }

    /// What the pool is doing now.
    public var statistics: Statistics { state.withLock { $0.statistics } }

    /// Runs one statement on any connection.
    @discardableResult
    public func query(
        _ sql: String,
        _ values: [PostgresValue] = [],
        within limit: Duration = .seconds(5)
    ) async throws(PostgresError) -> PostgresRows {
        let lease = try await acquire()
        defer { release(lease) }
        return try await lease.connection.query(sql, values, within: limit)
    }

    /// Lends a connection; it must not be used after the closure has returned.
    @discardableResult
    nonisolated(nonsending) public func withConnection<Value>(
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let lease = try await acquire()
        defer { release(lease) }
        return try await body(lease.connection)
    }

    /// Closes every connection; those that are lent are closed when they come back.
    public func close() {
        let (idle, waiters) = state.withLock { $0.close() }
        for lease in idle { lease.connection.close() }
        for waiter in waiters { waiter.resume(returning: .failure(PostgresError(.closed, "the pool was closed"))) }
    }

    /// Replaces every connection by a new one, those that are lent as soon as they come back.
    public func recycle() {
        for lease in state.withLock({ $0.recycle() }) { lease.connection.close() }
    }

    func acquire() async throws(PostgresError) -> PoolState.Lease {
        while true {
            switch try await claim() {
            case .open(let generation):
                return try await openLease(generation)
            case .lease(let lease) where await isHealthy(lease):
                return lease
            case .lease(let lease):
                lease.connection.close()
                release(lease)
            }
        }
    }

    private func claim() async throws(PostgresError) -> PoolState.Claim {
        if let claim = try state.withLock({ state throws(PostgresError) in try state.claimNow() }) { return claim }
        let id = state.withLock { $0.nextWaiter() }
        let limit = acquireTimeout
        let timer = Task {
            try await Task.sleep(for: limit)
            let what = "no connection became free within \(limit.inSeconds) s"
            self.giveUp(id, PostgresError(.poolExhausted, what))
        }
        defer { timer.cancel() }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = self.state.withLock { $0.enqueue(id, continuation) }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            self.giveUp(id, PostgresError(.cancelled, "the caller went away"))
        }
        return try outcome.get()
    }

    private func giveUp(_ id: Int, _ error: PostgresError) {
        state.withLock { $0.giveUp(id) }?.resume(returning: .failure(error))
    }

    private func openLease(_ generation: Int) async throws(PostgresError) -> PoolState.Lease {
        do {
            let connection = try await PostgresConnection.connect(configuration)
            return PoolState.Lease(connection: connection, generation: generation, openedAt: .now, usedAt: .now)
        } catch {
            let next = state.withLock { $0.openFailed() }
            if let (waiter, claim) = next { waiter.resume(returning: .success(claim)) }
            throw error
        }
    }

    /// Asks a connection that has been idle for long whether it still answers.
    private func isHealthy(_ lease: PoolState.Lease) async -> Bool {
        guard !lease.connection.isClosed else { return false }
        guard lease.usedAt.duration(to: .now) > .seconds(30) else { return true }
        do {
            try await lease.connection.query("SELECT 1", within: .seconds(1))
            return true
        } catch {
            return false
        }
    }

    func release(_ lease: PoolState.Lease) {
        var lease = lease
        lease.usedAt = .now
        let isGood =
            !lease.connection.isClosed && !lease.connection.isInTransaction
            && lease.openedAt.duration(to: .now) < lifetime
        let outcome = state.withLock { $0.release(lease, isGood: isGood) }
        if outcome.mustClose { lease.connection.close() }
        if let (waiter, claim) = outcome.next { waiter.resume(returning: .success(claim)) }
    }
}
