import Synchronization

/// Lets one caller do what many ask for at the same moment; the others get its answer.
final class SingleFlight<Value: Sendable>: Sendable {
    private let flights = Mutex<[String: [CheckedContinuation<Result<Value, any Error>, Never>]]>([:])

    /// Runs the body, or waits for the caller that runs it for this key already.
    func run(_ key: String, _ body: () async throws -> Value) async throws -> Value {
        let isLeader = flights.withLock { flights in
            guard flights[key] == nil else { return false }
            flights[key] = []
            return true
        }
        guard isLeader else { return try await follow(key, body) }
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        // Whose client has gone away has no answer for the others: they go by themselves.
        var shared = result
        if Task.isCancelled, case .failure = result { shared = .failure(Landed()) }
        for continuation in flights.withLock({ $0.removeValue(forKey: key) }) ?? [] {
            continuation.resume(returning: shared)
        }
        return try result.get()
    }

    private func follow(_ key: String, _ body: () async throws -> Value) async throws -> Value {
        let result = await withCheckedContinuation { continuation in
            let hasLanded = flights.withLock { flights in
                flights[key]?.append(continuation)
                return flights[key] == nil
            }
            if hasLanded { continuation.resume(returning: .failure(Landed())) }
        }
        if case .failure(let error) = result, error is Landed { return try await body() }
        return try result.get()
    }

    /// The leader has no answer: it was done before this caller had joined it, or was called off.
    private struct Landed: Error {}
}
