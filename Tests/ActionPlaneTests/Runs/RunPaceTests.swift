import Testing

@testable import ActionPlane

@Suite struct RunPaceTests {
    @Test func principalsAndPurposesDoNotShare() throws {
        let pace = RunPace(actionsPerMinute: 3, plansPerMinute: 300)
        let now = ContinuousClock.now
        for _ in 0..<5 { try pace.check("gate", .act, at: now) }
        let error = #expect(throws: ActionError.self) { try pace.check("gate", .act, at: now) }
        #expect(error?.code == .rateLimited && error?.retryAfter == 20)
        try pace.check("gate", .plan, at: now)
        try pace.check("ann", .act, at: now)
    }
}
