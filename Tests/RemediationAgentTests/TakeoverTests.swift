import OpsModel
import OpsService
import OpsSpec
import RemediationAgent
import Testing

/// An agent that comes second: after one that died, or after its own end.
@Suite struct TakeoverTests {
    static let lock = Diagnosis(
        component: "db",
        mechanism: "lock-contention",
        confidence: .high,
        statement: "sessions wait",
        evidence: []
    )

    private func takeOver(
        _ proposals: [ProposalState],
        outcomes: [ProposalState] = [.recovered]
    ) async throws -> FakeGate {
        var world = try World()
        world.set("cache", "cache.bad", 4)
        let gate = FakeGate(world, outcomes: outcomes)
        var incident = world.incident
        incident.diagnosis = Self.lock
        incident.proposals = proposals.enumerated().map { ProposalOutcome(proposal: "p-\($0)", state: $1) }
        var patience = ResponseStateMachine.Patience()
        patience.pause = 0
        _ = try await Responder(gate: gate, logger: Logger(label: "test", level: .error), patience: patience)
            .respond(to: incident)
        return gate
    }

    @Test(
        "What is asked or under way is waited for, not asked again",
        arguments: [ProposalState.pending, .running, .verifying]
    )
    func waits(_ state: ProposalState) async throws {
        let gate = try await takeOver([.denied, state])
        #expect(await gate.transcript == ["outcome recovered"])
    }

    @Test func looksForItselfWhenNothingIsUnderWay() async throws {
        let gate = try await takeOver([])
        #expect(
            await gate.transcript == [
                "diagnosis cache cache-bad high", "propose clear-cache cache", "outcome recovered",
            ]
        )
    }

    @Test func goesOnWhenWhatItWaitedForDidNotHelp() async throws {
        let gate = try await takeOver([.running], outcomes: [.notRecovered, .recovered])
        #expect(
            await gate.transcript == [
                "outcome not_recovered", "diagnosis cache cache-bad high", "propose clear-cache cache",
                "outcome recovered",
            ]
        )
    }

    @Test func handsOverAQuestionThatNobodyAnswered() async throws {
        let gate = try await takeOver([.pending], outcomes: [.expired])
        #expect(await gate.transcript == ["outcome expired", "escalate - -"])
    }
}
