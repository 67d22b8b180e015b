import Synchronization

/// One client's connection, as long as it lasts: what it is doing, since when, and the exchange in progress.
final class Link: Sendable {
    enum Phase: Sendable {
        case head
        case body
        case handling(any Abandonable)
        case answering
        case streaming(EventStream)
        case idle
    }

    let descriptor: Int32
    private let state: Mutex<(phase: Phase, since: ContinuousClock.Instant)>
    private let exchange = Mutex<WireExchange?>(nil)

    init(descriptor: Int32) {
        self.descriptor = descriptor
        state = Mutex((.head, .now))
    }

    func enter(_ phase: Phase) { state.withLock { $0 = (phase, .now) } }

    var now: (phase: Phase, since: ContinuousClock.Instant) { state.withLock { $0 } }

    /// Keeps the exchange alive; the library holds a plain pointer to it.
    func adopt(_ new: WireExchange?) { exchange.withLock { $0 = new } }
}

/// Work that somebody was waiting for who is no longer there.
protocol Abandonable: AnyObject, Sendable {
    func clientLeft()
}
