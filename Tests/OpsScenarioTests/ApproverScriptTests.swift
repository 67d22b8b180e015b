import OpsSpec
import OpsYAML
import Testing

@testable import OpsScenario

@Suite struct ApproverScriptTests {
    private func problems(_ text: String) -> [String] {
        do {
            _ = try ApproverScript.parse(text)
            return []
        } catch { return error.problems.map(\.message) }
    }

    @Test func theLastAnswerStandsForAllThatFollow() throws {
        let script = try #require(ApproverScript("deny-then-approve"))
        #expect(script.step(after: 0).answer == .deny(reason: "look once more, then ask again"))
        #expect(script.step(after: 1).answer == .approve(option: nil))
        #expect(script.step(after: 7).answer == .approve(option: nil))
    }

    @Test func wordsAreScripts() {
        #expect(ApproverScript("option:2")?.steps == [.init(.approve(option: 2))])
        #expect(ApproverScript("slow")?.steps.first?.after == .seconds(20))
        #expect(ApproverScript("never")?.isSilent == true && ApproverScript("approve")?.isSilent == false)
        let none = ["", "yes", "option:", "option:0", "option:x", "option:100"]
        #expect(none.allSatisfy { ApproverScript($0) == nil })
    }

    @Test func aFileSaysMoreThanAWord() throws {
        let script = try ApproverScript.parse(
            """
            approver: 1
            answers:
              - {do: deny, reason: too risky}
              - {do: approve, option: 2, after: 1500ms}
              - {do: nothing}
            """,
            file: "dir/strict.yaml"
        )
        #expect(script.name == "strict.yaml")
        #expect(
            script.steps == [
                .init(.deny(reason: "too risky")), .init(.approve(option: 2), after: .milliseconds(1_500)),
                .init(.nothing),
            ]
        )
        #expect(!script.isSilent)
    }

    @Test func aYesMayComeAfterADriftOrBeTakenBack() throws {
        #expect(ApproverScript("drift")?.steps.map(\.twist) == [.drift, nil])
        #expect(ApproverScript("revoke")?.revokes == true && ApproverScript("drift")?.revokes == false)
        let script = try ApproverScript.parse(
            """
            approver: 1
            answers:
              - {do: approve, when: drifted}
              - {do: approve, option: 2, then: revoke, reason: the release comes first}
              - {do: approve, then: revoke}
            """
        )
        #expect(
            script.steps == [
                .init(.approve(option: nil), twist: .drift),
                .init(.approve(option: 2), twist: .revoke(reason: "the release comes first")),
                .init(.approve(option: nil), twist: .revoke(reason: "on second thoughts, look once more")),
            ]
        )
        let found = problems(
            """
            approver: 1
            answers:
              - {do: deny, when: drifted}
              - {do: approve, when: later}
              - {do: approve, when: drifted, then: revoke}
              - {do: approve, when: drifted, reason: x}
              - {do: nothing, then: revoke}
            """
        )
        #expect(found.count == 5, "\(found)")
    }

    @Test func everyProblemIsToldAtOnce() {
        let found = problems(
            """
            approver: 2
            answers:
              - {do: maybe}
              - {do: deny, option: 1}
              - {do: approve, reason: x, after: soon}
              - {do: approve, option: 0}
            surprise: 1
            """
        )
        #expect(found.count == 7, "\(found)")
        #expect(problems("approver: 1") == ["'answers' needs one answer or more"])
        #expect(problems("[]").count == 1)
    }
}
