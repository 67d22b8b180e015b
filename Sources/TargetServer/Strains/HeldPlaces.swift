import Synchronization

/// Places of which there are few, each held by a task that does nothing with it.
final class HeldPlaces: Burden {
    /// How many wait for a place at the same time: a leak loses one place after another, and leaves the others to their users.
    private static let waiting = 4

    private struct State {
        var tasks: [Int: Task<Void, Never>] = [:]
        var inside: Set<Int> = []
        var next = 0
    }

    private let state = Mutex(State())
    private let hold: @Sendable (_ whenInside: @Sendable () async -> Void) async -> Void

    /// - Parameter hold: takes a place, calls its argument, which returns when the place is to be given back, and gives it back.
    init(_ hold: @escaping @Sendable (_ whenInside: @Sendable () async -> Void) async -> Void) { self.hold = hold }

    func carry(_ amount: Int) async -> Int {
        self.state.withLock { state in
            while state.tasks.count > amount, let one = state.tasks.first {
                one.value.cancel()
                state.tasks[one.key] = nil
            }
            while state.tasks.count < min(amount, state.inside.count + Self.waiting) {
                let number = state.next
                state.next += 1
                state.tasks[number] = Task { await self.occupy(number) }
            }
            return state.inside.count
        }
    }

    /// One that found no place in time, or lost it, makes room for another try.
    private func occupy(_ number: Int) async {
        await self.hold {
            self.state.withLock { _ = $0.inside.insert(number) }
            try? await Task.sleep(for: .seconds(86_400))  // until it is told to give the place back
        }
        self.state.withLock { state in
            state.inside.remove(number)
            state.tasks[number] = nil
        }
    }
}
