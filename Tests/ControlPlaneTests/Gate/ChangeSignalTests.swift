import Testing

@testable import ControlPlane

@Suite struct ChangeSignalTests {
    /// A time-out that is over before anybody waits has to end the wait all the same; a lost one would hang here.
    @Test(.timeLimit(.minutes(1))) func everyWaitEndsHoweverShortItIs() async {
        let signal = ChangeSignal()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<4_000 {
                group.addTask { await signal.wait(atMost: number.isMultiple(of: 2) ? .zero : .nanoseconds(number)) }
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aChangeWakesWhoeverWaitsLong() async {
        let signal = ChangeSignal()
        let waiting = Task { await signal.wait(atMost: .seconds(600)) }
        let waking = Task {
            while !Task.isCancelled {
                signal.notify()
                await Task.yield()
            }
        }
        await waiting.value
        waking.cancel()
    }

    @Test(.timeLimit(.minutes(1))) func whoIsCancelledDoesNotWait() async {
        let signal = ChangeSignal()
        let waiting = Task { await signal.wait(atMost: .seconds(600)) }
        waiting.cancel()
        await waiting.value
    }
}
