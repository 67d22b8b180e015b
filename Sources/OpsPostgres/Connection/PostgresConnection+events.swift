import CLibpq
import OpsSystem
import Synchronization

/// What happens on the poller's thread.
extension PostgresConnection {
    private struct Arrival {
        var completion: Completion?
        var ended: [Listener] = []
        var notifications: [(Listener, PostgresNotification)] = []
    }

    func ready(_ readable: Bool, _ writable: Bool) {
        let arrival = state.withLock { state -> Arrival in
            guard let session = state.session else { return Arrival() }
            if state.isConnecting { return Self.advanceConnecting(&state, session) }
            return Self.advance(&state, session, writable: writable)
        }
        for (listener, notification) in arrival.notifications { listener.yield(notification) }
        arrival.completion?.tell()
        for listener in arrival.ended { listener.finish() }
    }

    private static func ended(_ state: inout State, _ error: PostgresError) -> Arrival {
        let (completion, listeners) = state.finish(error)
        return Arrival(completion: completion, ended: listeners)
    }

    private static func advanceConnecting(_ state: inout State, _ session: Session) -> Arrival {
        switch PQconnectPoll(session.raw) {
        case PGRES_POLLING_OK:
            PQsetnonblocking(session.raw, 1)
            state.isConnecting = false
            state.backendPID = PQbackendPID(session.raw)
            session.want(.read)
            return Arrival(completion: state.complete(.success(PostgresRows(nil))))
        case PGRES_POLLING_READING:
            session.want(.read)
        case PGRES_POLLING_WRITING:
            session.want(.write)
        default:
            return ended(&state, session.error(.unreachable))
        }
        return Arrival()
    }

    private static func advance(_ state: inout State, _ session: Session, writable: Bool) -> Arrival {
        if writable { session.flush() }
        guard PQconsumeInput(session.raw) == 1 else { return ended(&state, session.error(.connectionLost)) }
        var arrival = Arrival(notifications: notifications(state, session))
        guard state.operation != nil else { return arrival }
        while PQisBusy(session.raw) == 0 {
            guard let raw = PQgetResult(session.raw) else {
                return close(&state, session, arrival)
            }
            if !state.take(PostgresResult(raw), session) {
                let error = PostgresError(.unsupported, "COPY TO is not supported here")
                arrival = ended(&state, error)
                return arrival
            }
        }
        return arrival
    }

    /// The operation has no further result: tell its outcome, and give the session up if the server did.
    private static func close(_ state: inout State, _ session: Session, _ arrival: Arrival) -> Arrival {
        var arrival = arrival
        let error = state.operation?.error
        let rows = PostgresRows(state.operation?.result)
        arrival.completion = state.complete(error.map { .failure($0) } ?? .success(rows))
        if PQstatus(session.raw) == CONNECTION_BAD || error?.sqlState?.hasPrefix("57P") == true {
            let lost = PostgresError(.connectionLost, error?.message ?? "the server ended the session")
            arrival.ended = state.finish(lost).1
        }
        return arrival
    }

    private static func notifications(_ state: State, _ session: Session) -> [(Listener, PostgresNotification)] {
        var found: [(Listener, PostgresNotification)] = []
        while let raw = PQnotifies(session.raw) {
            defer { PQfreemem(raw) }
            let notification = PostgresNotification(
                channel: String(cString: raw.pointee.relname),
                payload: String(cString: raw.pointee.extra)
            )
            for listener in state.listeners[notification.channel] ?? [] { found.append((listener, notification)) }
        }
        return found
    }
}

extension PostgresConnection.State {
    mutating func complete(_ outcome: PostgresConnection.Outcome) -> PostgresConnection.Completion? {
        defer { operation = nil }
        return operation.map { PostgresConnection.Completion(operation: $0, outcome: outcome) }
    }

    /// Keeps one result of several: the first error, else the last answer.
    ///
    /// False when the session cannot go on.
    mutating func take(_ result: PostgresResult, _ session: Session) -> Bool {
        switch result.status {
        case PGRES_COPY_IN:
            if let data = operation?.copyData { session.sendCopy(data) } else { session.refuseCopy() }
        case PGRES_COPY_OUT, PGRES_COPY_BOTH:
            return false
        default:
            if operation?.error == nil { operation?.error = result.error }
            operation?.result = result
        }
        return true
    }
}
