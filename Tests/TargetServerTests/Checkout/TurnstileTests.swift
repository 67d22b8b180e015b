import Synchronization
import Testing

@testable import TargetServer

@Suite struct TurnstileTests {
    @Test func neverLetsMoreThroughThanItHasPlaces() async {
        let turnstile = Turnstile(limit: 3)
        let most = Mutex(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    _ = await turnstile.pass(within: .seconds(10)) {
                        most.withLock { $0 = max($0, turnstile.busy) }
                        await Task.yield()
                    }
                }
            }
        }
        #expect(most.withLock { $0 } <= 3)
        #expect(turnstile.busy == 0)
        #expect(turnstile.waiting == 0)
    }

    @Test func givesUpWhenNoPlaceBecomesFree() async {
        let turnstile = Turnstile(limit: 1)
        let inner = await turnstile.pass(within: .zero) {
            let now = await turnstile.pass(within: .zero) { true }
            let later = await turnstile.pass(within: .milliseconds(20)) { true }
            return now == nil && later == nil
        }
        #expect(inner == true)
        #expect(await turnstile.pass(within: .zero) { true } == true)
    }
}
