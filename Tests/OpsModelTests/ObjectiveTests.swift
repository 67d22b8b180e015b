import Testing

@testable import OpsModel

@Suite struct ObjectiveTests {
    @Test func forgivesTheOneUnluckyRequest() {
        #expect(Objective.isHeld(good: 89, bad: 1, objective: 0.99))
        #expect(Objective.isHeld(good: 446, bad: 4, objective: 0.99))
    }

    @Test func seesAnOutageInFewRequests() {
        #expect(!Objective.isHeld(good: 5, bad: 5, objective: 0.99))
        #expect(!Objective.isHeld(good: 92, bad: 8, objective: 0.99))
        #expect(!Objective.isHeld(good: 1_170, bad: 30, objective: 0.995))
    }

    @Test func provesNothingWithoutRequests() { #expect(!Objective.isHeld(good: 0, bad: 0, objective: 0.99)) }

    @Test func sumsTheUpperTail() {
        let both = Objective.probability(ofAtLeast: 2, among: 2, each: 0.5)
        #expect(abs(both - 0.25) < 1e-9)
        #expect(Objective.probability(ofAtLeast: 0, among: 10, each: 0.1) == 1)
    }
}
