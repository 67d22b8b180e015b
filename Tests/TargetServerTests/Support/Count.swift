import Synchronization

/// A number that several tasks change.
final class Count: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    func add() { number.withLock { $0 += 1 } }
    func raise(to value: Int) { number.withLock { $0 = max($0, value) } }
}
