import CLibpq
import OpsSystem
import Synchronization

extension PostgresConnection {
    /// What is under the connection's lock; libpq is touched nowhere else.
    struct State {
        var session: Session?
        var isConnecting = false
        var operation: Operation?
        var lastID = 0
        /// A cancellation may come before its statement is sent; statements up to this number are not sent.
        var abandoned = 0
        var backendPID: Int32 = 0
        var failure: PostgresError?
        var listeners: [String: [AsyncStream<PostgresNotification>.Continuation]] = [:]

        var closedError: PostgresError { failure ?? PostgresError(.closed, "the connection was closed") }

        mutating func send(_ body: (Session) throws(PostgresError) -> Void) throws(PostgresError) {
            guard let session else { throw closedError }
            try body(session)
        }
    }

    /// The statement in flight.
    struct Operation {
        let id: Int
        let continuation: CheckedContinuation<Outcome, Never>
        var result: PostgresResult?
        var error: PostgresError?
        var copyData: [UInt8]?
    }

    typealias Outcome = Result<PostgresRows, PostgresError>

    /// An operation that has ended, to be told outside the lock.
    struct Completion {
        let operation: Operation
        let outcome: Outcome

        func tell() { operation.continuation.resume(returning: outcome) }
    }

    /// Starts an operation under the lock and waits for its end, its deadline or the caller's cancellation.
    @discardableResult
    func perform(
        within limit: Duration,
        late: String? = nil,
        _ start: @escaping @Sendable (PostgresConnection, inout State) throws(PostgresError) -> Void
    ) async throws(PostgresError) -> PostgresRows {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let timer = Task {
            try await Task.sleep(for: limit)
            let what = late ?? "no answer within \(limit.inSeconds) s; the connection was given up"
            self.abandon(id, PostgresError(.timeout, what))
        }
        defer { timer.cancel() }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { self.begin(id, $0, start) }
        } onCancel: {
            self.abandon(id, PostgresError(.cancelled, "the caller went away; the connection was given up"))
        }
        return try outcome.get()
    }

    private func begin(
        _ id: Int,
        _ continuation: CheckedContinuation<Outcome, Never>,
        _ start: (PostgresConnection, inout State) throws(PostgresError) -> Void
    ) {
        let refusal = state.withLock { state -> PostgresError? in
            if let failure = state.failure { return failure }
            if state.abandoned >= id { return PostgresError(.cancelled, "the caller went away") }
            if state.operation != nil { return PostgresError(.busy, "one statement at a time on one connection") }
            state.operation = Operation(id: id, continuation: continuation)
            do throws(PostgresError) {
                try start(self, &state)
                return nil
            } catch {
                state.operation = nil
                return error
            }
        }
        guard let refusal else { return }
        if refusal.code == .connectionLost { finish(refusal) }
        continuation.resume(returning: .failure(refusal))
    }

    /// Ends an operation from outside, and the session with it.
    private func abandon(_ id: Int, _ error: PostgresError) {
        let isInFlight = state.withLock { state in
            state.abandoned = max(state.abandoned, state.operation?.id == id ? 0 : id)
            return state.operation?.id == id
        }
        if isInFlight { finish(error, operation: id) }
    }

    /// Closes the session for good and fails what is in flight; with an id only while that operation is.
    func finish(_ error: PostgresError, operation id: Int? = nil) {
        let (completion, listeners) = state.withLock { state in
            guard id == nil || state.operation?.id == id else { return (Completion?.none, [Listener]()) }
            return state.finish(error)
        }
        completion?.tell()
        for listener in listeners { listener.finish() }
    }

    typealias Listener = AsyncStream<PostgresNotification>.Continuation
}

extension PostgresConnection.State {
    /// Frees the session and takes out whom to tell.
    mutating func finish(
        _ error: PostgresError
    ) -> (PostgresConnection.Completion?, [PostgresConnection.Listener]) {
        session?.finish()
        session = nil
        failure = failure ?? error
        let completion = operation.map { PostgresConnection.Completion(operation: $0, outcome: .failure(error)) }
        operation = nil
        let listening = listeners.values.flatMap(\.self)
        listeners = [:]
        return (completion, listening)
    }
}
