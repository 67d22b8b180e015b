import Synchronization

/// What a gauge shows, as a test wants it.
final class Reading: Sendable {
    private let number = Mutex<UInt64>(0)

    var value: UInt64 {
        get { number.withLock { $0 } }
        set { number.withLock { $0 = newValue } }
    }
}
