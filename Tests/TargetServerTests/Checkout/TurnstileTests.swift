import Testing

@testable import TargetServer

@Suite struct TurnstileTests {
    @Test func neverLetsMoreThroughThanItHasPlaces() async {
        let turnstile = Turnstile(limit: 3)
        let most = Count()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    _ = await turnstile.pass(within: .seconds(10)) {
                        most.raise(to: turnstile.busy)
                        await Task.yield()
                    }
                }
            }
        }
        #expect(most.value <= 3)
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
