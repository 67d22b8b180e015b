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

    private func question(askedS: Double) -> Approval {
        Approval(
            id: "apr-1",
            incident: "inc-1",
            proposal: "prop-1",
            state: .pending,
            title: "restart",
            requester: "agent",
            requestedAt: start + askedS,
            expiresAt: start + askedS + 60
        )
    }

    @Test func aQuestionThatNobodyAnswersMayExpireFirst() {
        var period = FollowPeriod()
        period.begin(budget: 30, at: start)
        period.leftAlone(question(askedS: 5))
        #expect(!period.isOver(at: start + 79))
        #expect(period.isOver(at: start + 80))
    }

    @Test func aLongBudgetIsNotCutShortAndALateQuestionProlongsNothing() {
        var period = FollowPeriod()
        period.leftAlone(question(askedS: 5))
        #expect(!period.isOver(at: start + 600))
        period.begin(budget: 90, at: start + 10)
        period.leftAlone(question(askedS: 100))
        #expect(!period.isOver(at: start + 99))
        #expect(period.isOver(at: start + 100))
    }
}
