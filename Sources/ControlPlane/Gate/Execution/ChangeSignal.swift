import Synchronization

/// Wakes whoever waits for a change; a wake-up carries nothing, so a missed one costs a look and loses nothing.
final class ChangeSignal: Sendable {
    private struct State {
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    func notify() {
        let waiters = state.withLock { state in
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns at the next change, after `limit`, or when the task is cancelled, whichever comes first.
    func wait(atMost limit: Duration) async {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        let timer = Task {
            try? await Task.sleep(for: limit)  // cancelled early when the change came first
            self.release(id)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    state.waiters[id] = continuation
                    return Task.isCancelled
                }
                if isOver { self.release(id) }
            }
        } onCancel: {
            self.release(id)
        }
        timer.cancel()
    }

    private func release(_ id: Int) {
        state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
}
