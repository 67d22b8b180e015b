import Glibc
import Synchronization

extension Poller {
    /// Waits until the descriptor is ready; false when the time is up or the task was cancelled.
    ///
    /// Any number of tasks may wait for the same descriptor. It must stay open until this returns.
    public func wait(_ fd: Int32, _ interest: Interest, within limit: Duration) async -> Bool {
        let copy = fcntl(fd, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { return false }
        let readiness = Readiness()
        let timer = Task {
            try await Task.sleep(for: limit)
            readiness.resolve(false)
        }
        let token = self.add(copy, interest) { _, _ in readiness.resolve(true) }
        defer {
            timer.cancel()
            self.remove(token, copy)
            close(copy)
        }
        return await withTaskCancellationHandler {
            await readiness.value()
        } onCancel: {
            readiness.resolve(false)
        }
    }
}

/// One answer, given once, to one waiting task.
private final class Readiness: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Bool, Never>)
        case resolved(Bool)
    }

    private let state = Mutex(State.open)

    func resolve(_ answer: Bool) {
        let waiter: CheckedContinuation<Bool, Never>? = self.state.withLock { state in
            switch state {
            case .resolved: return nil
            case .open:
                state = .resolved(answer)
                return nil
            case .waiting(let continuation):
                state = .resolved(answer)
                return continuation
            }
        }
        waiter?.resume(returning: answer)
    }

    func value() async -> Bool {
        await withCheckedContinuation { continuation in
            let known: Bool? = self.state.withLock { state in
                if case .resolved(let answer) = state { return answer }
                state = .waiting(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
