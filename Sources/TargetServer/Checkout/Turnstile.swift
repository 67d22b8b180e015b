import Synchronization

/// Lets a fixed number of callers through at a time; the others wait in line, each for as long as it likes.
final class Turnstile: Sendable {
    private struct Line {
        var free: Int
        var next = 0
        var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>?)] = []
        /// Answers for tickets whose caller had not begun to wait yet.
        var answers: [Int: Bool] = [:]

        /// Takes a ticket out of the line; its caller is told at once, or when it begins to wait.
        mutating func answer(_ index: Int, _ isLet: Bool) -> CheckedContinuation<Bool, Never>? {
            let (ticket, continuation) = waiting.remove(at: index)
            if continuation == nil { answers[ticket] = isLet }
            return continuation
        }
    }

    let limit: Int
    private let line: Mutex<Line>

    init(limit: Int) {
        self.limit = limit
        line = Mutex(Line(free: limit))
    }

    var busy: Int { line.withLock { limit - $0.free } }
    var waiting: Int { line.withLock { $0.waiting.count } }

    /// Runs the body with a place, or answers nil when none became free in time.
    func pass<Result: Sendable>(
        within patience: Duration,
        _ body: @Sendable () async throws -> Result
    ) async rethrows -> Result? {
        guard await enter(within: patience) else { return nil }
        defer { leave() }
        return try await body()
    }

    private func enter(within patience: Duration) async -> Bool {
        guard let ticket = line.withLock({ Self.ticket(&$0, mayWait: patience > .zero) }) else { return true }
        guard ticket > 0 else { return false }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.wait(ticket) }
            group.addTask {
                try? await Task.sleep(for: patience)  // woken early only because the place came first
                self.giveUp(ticket)
                return false
            }
            // Both answer; the clock may win while the place is being handed over.
            let first = await group.next() ?? false
            group.cancelAll()
            let second = await group.next() ?? false
            return first || second
        }
    }

    /// Nil when a place was free; 0 when there was none and the caller will not wait; else a ticket of the line.
    private static func ticket(_ line: inout Line, mayWait: Bool) -> Int? {
        if line.free > 0 {
            line.free -= 1
            return nil
        }
        guard mayWait else { return 0 }
        line.next += 1
        line.waiting.append((line.next, nil))
        return line.next
    }

    private func wait(_ ticket: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = line.withLock { line -> Bool? in
                if let answer = line.answers.removeValue(forKey: ticket) { return answer }
                guard let index = line.waiting.firstIndex(where: { $0.ticket == ticket }) else { return false }
                line.waiting[index].continuation = continuation
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    private func giveUp(_ ticket: Int) {
        line.withLock { line -> CheckedContinuation<Bool, Never>? in
            line.waiting.firstIndex { $0.ticket == ticket }.flatMap { line.answer($0, false) }
        }?.resume(returning: false)
    }

    private func leave() {
        line.withLock { line -> CheckedContinuation<Bool, Never>? in
            if line.waiting.isEmpty {
                line.free += 1
                return nil
            }
            return line.answer(0, true)
        }?.resume(returning: true)
    }
}
