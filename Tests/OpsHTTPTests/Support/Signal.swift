import Synchronization

/// Something that a handler reports and a test waits for, with a deadline that holds even in a cancelled task.
final class Signal<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var waiters: [Int: CheckedContinuation<Value?, Never>] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    func send(_ value: Value) {
        let waiter = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            guard let first = state.waiters.keys.min() else {
                state.values.append(value)
                return nil
            }
            return state.waiters.removeValue(forKey: first)
        }
        waiter?.resume(returning: value)
    }

    /// The next value; nil when the time is up first.
    func next(within limit: Duration = .seconds(10)) async -> Value? {
        await withCheckedContinuation { continuation in
            let number: Int? = state.withLock { state in
                if !state.values.isEmpty { return nil }
                state.count += 1
                state.waiters[state.count] = continuation
                return state.count
            }
            if let number { expire(number, after: limit) } else { continuation.resume(returning: takeFirst()) }
        }
    }

    private func takeFirst() -> Value? { state.withLock { $0.values.isEmpty ? nil : $0.values.removeFirst() } }

    private func expire(_ number: Int, after limit: Duration) {
        Task.detached { [self] in
            try? await Task.sleep(for: limit)  // nobody cancels this task
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume(returning: nil)
        }
    }
}

/// Waits for a condition with a deadline; what it waits for happens on other threads.
func eventually(within limit: Duration = .seconds(10), _ condition: () async -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if await condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))  // an interval of looking, not a synchronisation
    }
    return false
}
