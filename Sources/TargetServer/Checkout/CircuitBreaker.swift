/// Decides whether a dependency is called, and calls nothing itself.
///
/// After a row of failures it refuses for a while, then lets one trial through. It knows of no other provider: changing to
/// the fallback costs money and capacity, so a person decides it in the configuration.
struct CircuitBreaker: Sendable {
    enum State: String, Sendable, CaseIterable {
        case closed
        case open
        case halfOpen = "half-open"
    }

    private(set) var state = State.closed
    private var failures = 0
    private var reopensAt: ContinuousClock.Instant?
    private let threshold: Int
    private let pause: Duration

    init(threshold: Int = 8, pause: Duration = .seconds(1)) {
        self.threshold = threshold
        self.pause = pause
    }

    /// Whether a call may be made now; a trial counts as made when this says yes.
    mutating func admits(at now: ContinuousClock.Instant) -> Bool {
        switch state {
        case .closed: return true
        case .halfOpen: return false
        case .open:
            guard let reopensAt, now >= reopensAt else { return false }
            state = .halfOpen
            return true
        }
    }

    /// Whether a call made now would be refused; asking changes nothing.
    func refuses(at now: ContinuousClock.Instant) -> Bool {
        switch state {
        case .closed: false
        case .halfOpen: true
        case .open: reopensAt.map { now < $0 } ?? true
        }
    }

    /// An answer came, whatever it said.
    mutating func succeeded() {
        state = .closed
        failures = 0
    }

    /// No answer came, or a server error; says whether this failure opened the breaker.
    mutating func failed(at now: ContinuousClock.Instant) -> Bool {
        failures += 1
        guard state == .halfOpen || failures >= threshold else { return false }
        let isNew = state == .closed
        state = .open
        reopensAt = now + pause
        return isNew
    }
}
