/// Lets so many through at once; whoever comes later waits in line.
///
/// For tests that each start something heavy: all at once they starve each other, and every one of them runs into its deadline.
public actor Turnstile {
    private var free: Int
    private var line: [CheckedContinuation<Void, Never>] = []

    /// At least one place.
    public init(_ places: Int) { free = max(1, places) }

    /// Waits for a place, works, and gives the place to the next in line whatever happened.
    public func pass<Result: Sendable>(_ work: @Sendable () async throws -> Result) async rethrows -> Result {
        await enter()
        defer { leave() }
        return try await work()
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { line.append($0) }
        }
    }

    private func leave() {
        if line.isEmpty {
            free += 1
        } else {
            line.removeFirst().resume()
        }
    }
}
