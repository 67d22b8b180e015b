import OpsModel
import Testing

@testable import ControlPlane
@testable import OpsScenario

@Suite struct ScenarioOrderTests {
    private func order(_ id: String) throws -> ScenarioOrder {
        ScenarioOrder(scenario: try Scenario.load("scenarios/\(id).yaml"), seed: 1, person: "ann")
    }

    @Test func whatTheFileWithholdsIsAddedToWhatTheCommandLineDoes() throws {
        var order = try order("lock-without-a-page")
        #expect(order.keptBack.withheldRunbooks == ["postgres-requests-wait"])
        order.handicap = Handicap(withheldReads: ["log"], withheldRunbooks: ["postgres-requests-wait", "jobs-pile-up"])
        #expect(order.keptBack.withheldRunbooks == ["postgres-requests-wait", "jobs-pile-up"])
        #expect(order.keptBack.withheldReads == ["log"])
        #expect(try self.order("db-lock").keptBack.isNone)
    }

    @Test func withoutTheRunbookOfItsCauseARepairIsAGuess() throws {
        func end(_ id: String) throws -> Scenario.End {
            var order = try order(id)
            order.lacksItsRunbook = true
            return order.end
        }
        #expect(try end("db-lock") == .escalated)
        #expect(try end("payments-away") == .escalated)
        #expect(try end("quiet") == .untouched)
        #expect(try order("db-lock").end == .repaired)
    }

    @Test func onlyWhereNothingPagesAPageIsMadeUp() throws {
        func hasFalsePage(_ id: String, _ actions: [Scenario.ProofStep]) throws -> Bool {
            var order = try order(id)
            order.proof = Scenario.ProofEntry(actions: actions, say: nil, verdict: "false-alarm")
            return order.hasFalsePage
        }
        let step = Scenario.ProofStep(action: "restart-service", argument: "caller")
        #expect(try hasFalsePage("quiet", [step]))
        #expect(try hasFalsePage("worker-restarts", [step]))
        #expect(try !hasFalsePage("quiet", []))
        #expect(try !hasFalsePage("provider-blip", [step]))
        #expect(try !hasFalsePage("db-lock", [step]))
        #expect(try !order("quiet").hasFalsePage)
    }
}
