import Synchronization

/// Wakes whoever waits for a change; a wake-up carries nothing, so a missed one costs a look and loses nothing.
final class ChangeSignal: Sendable {
    private struct Waiter {
        var continuation: CheckedContinuation<Void, Never>
        /// Ends the wait when nothing changes.
        var timer: Task<Void, Never>

        func wake() {
            timer.cancel()
            continuation.resume()
        }
    }

    private struct State {
        var waiters: [Int: Waiter] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    func notify() {
        let waiters = state.withLock { state in
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.wake() }
    }

    /// Returns at the next change, after `limit`, or when the task is cancelled, whichever comes first.
    func wait(atMost limit: Duration) async {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // Under the lock: a timer that ends at once waits here until there is somebody to wake.
                    state.waiters[id] = Waiter(continuation: continuation, timer: timer(id, limit))
                    return Task.isCancelled
                }
                if isOver { self.release(id) }
            }
        } onCancel: {
            self.release(id)
        }
    }

    private func timer(_ id: Int, _ limit: Duration) -> Task<Void, Never> {
        Task {
            try? await Task.sleep(for: limit)  // cancelled early when the change came first
            self.release(id)
        }
    }

    private func release(_ id: Int) {
        state.withLock { $0.waiters.removeValue(forKey: id) }?.wake()
    }
}
