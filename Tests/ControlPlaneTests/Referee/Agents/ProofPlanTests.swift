import OpsModel
import OpsSpec
import Testing

@testable import ControlPlane
@testable import OpsScenario

@Suite struct ProofPlanTests {
    private func plan(broken: [String]) -> ProofPlan {
        ProofPlan(
            binding: RoleBinding(
                components: [
                    "database": "db", "caller": "api", "provider": "payments", "culprit": "report", "worker": "worker",
                ],
                units: ["api": ["api-1", "api-2"], "web": ["web"], "payments": ["primary", "fallback"], "db": []]
            ),
            draw: Draw(values: ["n": 2]),
            broken: broken,
            sessionOwners: ["db": ["shop", "batch"]],
            jobs: [17]
        )
    }

    private var catalogue: [ActionDescription] {
        [
            .catalogued("switch-to-fallback", ["component": ["payments"], "to": ["primary", "fallback"]]),
            .catalogued(
                "restart-service",
                ["component": ["api", "web"], "instance": ["api-1", "api-2", "web"]],
                required: ["component"]
            ), .catalogued("restart-api", ["instance": ["api-1", "api-2"]]),
            .catalogued("restart-db", ["component": ["db"]]), .catalogued("regenerate-env", ["file": ["shop.env"]]),
            .catalogued("quarantine-job", ["component": ["worker"], "id": []], required: ["id"]),
            .catalogued(
                "terminate-sessions",
                ["component": ["db"], "which": ["blocker", "owner"]],
                required: ["which"]
            ),
            .catalogued("set-flag", ["flag": [], "value": []], required: ["flag", "value"]),
        ]
    }

    private func parameters(
        _ name: String,
        _ argument: String,
        broken: [String]
    ) throws -> [String: JSONValue]? {
        let option = try plan(broken: broken).option(.init(action: name, argument: argument), from: catalogue)
        return option.steps.first?.parameters
    }

    @Test func anActionIsNotSentToAComponentItDoesNotTake() throws {
        #expect(try parameters("switch-to-fallback", "fallback", broken: ["db"]) == ["to": "fallback"])
        #expect(try parameters("terminate-sessions", "blocker", broken: ["api"]) == ["which": "blocker"])
        #expect(try parameters("regenerate-env", "database", broken: ["db"]) == [:])
    }

    @Test func aFlagThatIsNamedIsTurnedOff() throws {
        #expect(try parameters("set-flag", "banner", broken: ["api"]) == ["flag": "banner", "value": false])
    }

    @Test func aJobIsTheOneThatWasLeft() throws {
        #expect(try parameters("quarantine-job", "worker", broken: ["worker"]) == ["component": "worker", "id": 17])
    }

    @Test func theSecondFaultCanBeAddressed() throws {
        #expect(
            try parameters("switch-to-fallback", "fallback", broken: ["db", "payments"])
                == ["component": "payments", "to": "fallback"]
        )
        #expect(
            try parameters("restart-service", "$n", broken: ["db", "api"]) == ["component": "api", "instance": "api-2"]
        )
    }

    @Test func aRoleIsTheComponentAndNothingElse() throws {
        #expect(try parameters("restart-service", "caller", broken: ["db"]) == ["component": "api"])
        #expect(try parameters("switch-to-fallback", "provider", broken: ["db"]) == ["component": "payments"])
        #expect(throws: ProofError.self) { try parameters("restart-db", "caller", broken: ["db"]) }
        #expect(throws: ProofError.self) { try parameters("free-disk", "caller", broken: ["db"]) }
    }

    @Test func anInstanceIsCalledByItsName() throws {
        #expect(try parameters("restart-service", "1", broken: ["web"]) == ["component": "web", "instance": "web"])
        #expect(try parameters("restart-api", "2", broken: ["db"]) == ["instance": "api-2"])
    }

    @Test func allSessionsAreTheBlockersAndThoseOfEveryRole() throws {
        let option = try plan(broken: ["db"]).option(
            .init(action: "terminate-sessions", argument: "all"),
            from: catalogue
        )
        #expect(
            option.steps.map(\.parameters) == [
                ["component": "db", "which": "owner", "owner": "shop"],
                ["component": "db", "which": "owner", "owner": "batch"], ["component": "db", "which": "blocker"],
            ]
        )
    }

    @Test func theSessionsOfAJobAreThoseOfItsRole() throws {
        #expect(
            try parameters("terminate-sessions", "culprit", broken: ["db"])
                == ["component": "db", "which": "owner", "owner": "report"]
        )
    }

    @Test func whatWasNotDoneProvesNothing() throws {
        let step = Scenario.ProofStep(action: "restart-db", argument: "database")
        for state in ProposalState.allCases {
            let outcome = ProposalOutcome(proposal: "p", state: state, reason: "no")
            let wasDone = [.running, .verifying, .done, .recovered, .notRecovered, .unknown].contains(state)
            #expect(wasDone == ((try? ProofAgent.requireCarriedOut(step, outcome)) != nil), "\(state)")
        }
    }
}
