import OpsModel
import OpsScenario
import OpsSpec
import OpsYAML
import Testing

@Suite struct TimetableTests {
    private func scenario(
        _ first: String,
        _ second: String,
        lease: String = "180s",
        approver: String = "approve"
    ) throws -> Scenario {
        try Scenario.parse(
            """
            scenario: 1
            id: two-faults
            about: Two things break.
            family: checkout-burns
            needs: {caller: http, provider: provider}
            draw: {onset: 3s..8s, later: 10s..20s}
            inject:
              - {at: \(first), fault: upstream-down, target: provider, lease: \(lease)}
              - {at: \(second), fault: api-crash, target: caller, lease: \(lease)}
            decoys:
              - {at: $onset + 1s, kind: traffic-spike}
              - {at: $onset - 1s, kind: benign-deploy}
            expect:
              end: repaired
              cause: {component: provider, mechanism: dependency-unavailable}
              repairs: [{action: switch-to-fallback}]
            judge: {budget: 60s, window: 15s}
            proof:
              - {do: [], verdict: not-mitigated}
              - {do: [{switch-to-fallback: fallback}], verdict: passed}
            approvers: [\(approver)]
            """
        )
    }

    private func problems(_ parse: () throws -> Scenario) -> [String] {
        do {
            _ = try parse()
            return []
        } catch { return (error as? SpecProblems)?.problems.map(\.message) ?? ["\(error)"] }
    }

    private let draw = Draw(values: ["onset": 4.0, "later": 12.0])

    @Test func happensInTheOrderOfTheMoments() throws {
        let table = Timetable(try scenario("$later", "$onset"), draw)
        #expect(table.injections.map(\.event.fault) == ["api-crash", "upstream-down"])
        #expect(table.injections.map(\.atS) == [4, 12])
        #expect(table.decoys.map(\.event.kind) == ["benign-deploy", "traffic-spike"])
        #expect(table.decoys.map(\.atS) == [3, 5])
    }

    @Test func theSameMomentKeepsTheOrderOfTheFile() throws {
        let table = Timetable(try scenario("$onset", "$onset"), draw)
        #expect(table.injections.map(\.event.fault) == ["upstream-down", "api-crash"])
    }

    /// Budget and window are 75 s; a fault that comes first has to last until the budget of the last one is over.
    @Test(arguments: [
        ("$onset", "$onset + 10s", "85s", false), ("$onset", "$onset + 10s", "86s", true),
        ("$onset", "$later", "92s", false), ("$later", "$onset", "92s", false), ("$onset", "$later", "93s", true),
        ("$onset", "$onset", "76s", true),
    ])
    func aLeaseCoversTheTimeBetweenTheFaults(_ first: String, _ second: String, _ lease: String, _ isEnough: Bool) {
        let problems = problems { try scenario(first, second, lease: lease) }
        #expect(problems.isEmpty == isEnough)
        #expect(problems.allSatisfy { $0.contains("lease") })
    }

    /// A question is open for a minute, which is more than budget and window here.
    @Test func aSilentApproverNeedsALongerLease() {
        #expect(problems { try scenario("5s", "5s", lease: "105s", approver: "never") }.count == 2)
        #expect(problems { try scenario("5s", "5s", lease: "106s", approver: "never") }.isEmpty)
    }
}
