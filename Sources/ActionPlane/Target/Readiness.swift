/// Asks a process whether it serves.
protocol Readiness: Sendable {
    /// Whether `/ready` answers 200 before the time is up.
    func isReady(_ url: String, within limit: Duration) async -> Bool
}
