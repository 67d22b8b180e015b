import Synchronization

/// Lets exactly one of the answer and the time limit say how a visit went.
final class Verdict: Sendable {
    let journey: Journey
    let customer: Int
    let deadline: ContinuousClock.Instant
    private let isOpen = Mutex(true)

    init(_ journey: Journey, by customer: Int, start: ContinuousClock.Instant) {
        self.journey = journey
        self.customer = customer
        deadline = start + journey.limit
    }

    /// True for the first caller.
    func take() -> Bool {
        isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
    }
}
