/// Why a command leaves the outbox without being carried out; the raw value is its state there.
enum DroppedCommand: String, Sendable {
    /// Its end is known already.
    case done
    /// It was withheld.
    case dropped
}
