import Synchronization

/// The requests being worked on, so that a drain can wait for them and give up on the rest.
final class InFlight: Sendable {
    private struct State {
        var exchanges: [ObjectIdentifier: Exchange] = [:]
        var streams = 0
        var isDraining = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let streamLimit: Int

    init(streamLimit: Int) { self.streamLimit = streamLimit }

    var count: Int { state.withLock { $0.exchanges.count } }
    var streamCount: Int { state.withLock { $0.streams } }
    var isDraining: Bool { state.withLock { $0.isDraining } }

    /// False once nothing more may be suspended.
    func admit(_ exchange: Exchange) -> Bool {
        state.withLock { state in
            if !state.isClosed { state.exchanges[ObjectIdentifier(exchange)] = exchange }
            return !state.isClosed
        }
    }

    func leave(_ exchange: Exchange) {
        _ = state.withLock { $0.exchanges.removeValue(forKey: ObjectIdentifier(exchange)) }
    }

    func admitStream() -> Bool {
        state.withLock { state in
            guard state.streams < streamLimit else { return false }
            state.streams += 1
            return true
        }
    }

    func leaveStream() { state.withLock { $0.streams -= 1 } }

    /// From here on answers close their connections and streams come to their end.
    func beginDraining() {
        let exchanges = state.withLock { state in
            state.isDraining = true
            return Array(state.exchanges.values)
        }
        for exchange in exchanges { exchange.finishStream() }
    }

    /// From here on nothing is suspended any more, and what still is gets its 503.
    func close() {
        let exchanges = state.withLock { state in
            state.isClosed = true
            return Array(state.exchanges.values)
        }
        for exchange in exchanges { exchange.abandon() }
    }
}
