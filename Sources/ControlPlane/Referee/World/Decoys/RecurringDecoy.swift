import OpsHTTP

/// A decoy that is on only as long as somebody keeps doing it; what it does each time ends by itself, whatever becomes of us.
protocol RecurringDecoy: Sendable {
    /// How long it rests in between.
    var pause: Duration { get }

    /// Does it once; throws when it cannot be done here.
    func act() async throws
}

extension RecurringDecoy {
    /// Goes on until the task is cancelled; what fails once may work the next time, when what is broken is repaired.
    func goOn() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: pause) } catch { return }
            try? await act()
        }
    }
}
