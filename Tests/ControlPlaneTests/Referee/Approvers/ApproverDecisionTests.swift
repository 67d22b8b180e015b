import OpsModel
import OpsScenario
import Testing

@testable import ControlPlane

@Suite struct ApproverDecisionTests {
    private let asked = Timestamp(secondsSinceEpoch: 1_000)

    /// A request with three options, the first of which cannot be carried out.
    private func detail(refusals: [String?] = ["gone", nil, nil]) -> ApprovalDetail {
        ApprovalDetail(
            approval: Approval(
                id: "apr-1",
                incident: "inc-1",
                proposal: "prp-1",
                state: .pending,
                title: "x",
                requester: "agent",
                requestedAt: asked,
                expiresAt: asked + 60
            ),
            options: refusals.enumerated().map { index, refusal in
                ApprovalOption(number: index + 1, title: "x", digest: "d", steps: [], refusal: refusal)
            }
        )
    }

    private func decision(_ word: String, earlier: Int = 0, after: Double = 0) throws -> ApproverScript.Decision? {
        try #require(ApproverScript(word)).decide(detail(), earlier: earlier, at: asked + after)
    }

    @Test func yesIsToTheFirstThatCanBeCarriedOut() throws {
        #expect(try decision("approve") == .approve(option: 2))
        let none = try #require(ApproverScript("approve")).decide(detail(refusals: ["no"]), earlier: 0, at: asked)
        #expect(none == .deny(reason: "no option can be carried out"))
    }

    @Test func anOptionIsThatOneOrNone() throws {
        #expect(try decision("option:3") == .approve(option: 3))
        #expect(try decision("option:1") == .deny(reason: "option 1 or nothing"))
    }

    @Test func theSecondRequestGetsTheSecondAnswer() throws {
        #expect(try decision("deny-then-approve") == .deny(reason: "look once more, then ask again"))
        #expect(try decision("deny-then-approve", earlier: 1) == .approve(option: 2))
    }

    @Test func whoIsSlowSaysNothingYetAndWhoIsSilentNeverDoes() throws {
        #expect(try decision("slow", after: 19.9) == nil)
        #expect(try decision("slow", after: 20) == .approve(option: 2))
        #expect(try decision("never", after: 59) == .wait)
    }
}
