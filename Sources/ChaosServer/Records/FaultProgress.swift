import OpsModel

/// Which state of which fault has been told already; decides what is news.
struct FaultProgress: Codable, Equatable, Sendable {
    /// The last state told, by fault.
    private(set) var told: [String: FaultState] = [:]

    /// Whether nothing more can become of a fault, so that its journal need not be read again.
    func isOver(_ id: String) -> Bool {
        switch told[id] {
        case .reverted, .superseded, .refused: true
        default: false
        }
    }

    /// Forgets what is told of faults that there are no journals of any more.
    mutating func keep(_ ids: some Sequence<String>) {
        let ids = Set(ids)
        told = told.filter { ids.contains($0.key) }
    }

    /// Takes a fault in; true when its state is news.
    mutating func take(_ record: FaultRecord) -> Bool {
        guard told[record.id] != record.state else { return false }
        told[record.id] = record.state
        return true
    }
}
