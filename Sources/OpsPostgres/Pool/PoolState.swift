/// Who has what in a pool; decides, and neither opens nor closes anything.
struct PoolState {
    /// A connection with its history.
    struct Lease: Sendable {
        let connection: PostgresConnection
        let generation: Int
        let openedAt: ContinuousClock.Instant
        var usedAt: ContinuousClock.Instant
    }

    /// What a caller gets: a connection, or the right to open one.
    enum Claim: Sendable {
        case lease(Lease)
        case open(generation: Int)
    }

    typealias Waiter = CheckedContinuation<Result<Claim, PostgresError>, Never>

    let limit: Int
    private var idle: [Lease] = []
    private var open = 0
    private var waiters: [(id: Int, continuation: Waiter)] = []
    private var lastWaiter = 0
    /// Waiters that gave up before they stood in the queue.
    private var gone: Set<Int> = []
    /// Waiters that do not stand in the queue yet.
    private var arriving: Set<Int> = []
    private var generation = 0
    private var isClosed = false

    init(limit: Int) { self.limit = limit }

    var statistics: PostgresPool.Statistics {
        .init(inUse: open - idle.count, waiting: waiters.count, limit: limit, idle: idle.count)
    }

    /// A claim that can be had at once; nil when the caller has to wait.
    mutating func claimNow() throws(PostgresError) -> Claim? {
        guard !isClosed else { throw PostgresError(.closed, "the pool is closed") }
        guard waiters.isEmpty else { return nil }
        return take()
    }

    private mutating func take() -> Claim? {
        if let lease = idle.popLast() { return .lease(lease) }
        guard open < limit else { return nil }
        open += 1
        return .open(generation: generation)
    }

    mutating func nextWaiter() -> Int {
        lastWaiter += 1
        arriving.insert(lastWaiter)
        return lastWaiter
    }

    /// Joins the queue; an answer instead when it need not wait.
    mutating func enqueue(_ id: Int, _ continuation: Waiter) -> Result<Claim, PostgresError>? {
        arriving.remove(id)
        if gone.remove(id) != nil { return .failure(PostgresError(.cancelled, "the caller went away")) }
        if isClosed { return .failure(PostgresError(.closed, "the pool is closed")) }
        if waiters.isEmpty, let claim = take() { return .success(claim) }
        waiters.append((id, continuation))
        return nil
    }

    mutating func giveUp(_ id: Int) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else {
            if arriving.contains(id) { gone.insert(id) }
            return nil
        }
        return waiters.remove(at: index).continuation
    }

    /// A connection could not be opened: its place goes to the next waiter, who tries again.
    mutating func openFailed() -> (Waiter, Claim)? {
        open -= 1
        return serve()
    }

    private mutating func serve() -> (Waiter, Claim)? {
        guard !isClosed, !waiters.isEmpty, let claim = take() else { return nil }
        return (waiters.removeFirst().continuation, claim)
    }

    mutating func release(_ lease: Lease, isGood: Bool) -> (mustClose: Bool, next: (Waiter, Claim)?) {
        guard isGood, !isClosed, lease.generation == generation else {
            open -= 1
            return (true, serve())
        }
        idle.append(lease)
        return (false, serve())
    }

    mutating func recycle() -> [Lease] {
        generation += 1
        return dropIdle()
    }

    mutating func close() -> ([Lease], [Waiter]) {
        isClosed = true
        defer { waiters = [] }
        return (dropIdle(), waiters.map(\.continuation))
    }

    private mutating func dropIdle() -> [Lease] {
        defer { idle = [] }
        open -= idle.count
        return idle
    }
}
