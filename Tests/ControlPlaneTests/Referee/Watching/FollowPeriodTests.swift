import OpsModel
import Testing

@testable import ControlPlane

@Suite struct FollowPeriodTests {
    private let start = Timestamp(secondsSinceEpoch: 1_000)

    @Test func lastsUntilTheBudgetAfterTheLastFaultIsSpent() {
        var period = FollowPeriod()
        #expect(!period.isOver(at: start + 600))
        period.begin(budget: 60, at: start + 20)
        #expect(!period.isOver(at: start + 79))
        #expect(period.isOver(at: start + 80))
    }
}
