import GateClient
import OpsHTTP
import OpsModel
import Testing

@testable import ControlPlane

/// Over the wire: an agent dies, and whoever comes next carries on.
@Suite struct AgentTakeoverTests {
    func refusal(_ body: () async throws -> Void) async -> RemoteError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RemoteError
        }
    }

    @Test func aSilentAgentLosesItsIncidentToTheNext() async throws {
        try await GateBench.with { bench, incident in
            let first = try await bench.claim(incident, as: "one")
            let evidence = try await bench.agent(first).read(ReadRequest(reads: [ReadQuery(read: "pg.blockers")]))
            #expect(evidence.answers.first?.evidence == "ev-1")
            let taken = await refusal {
                _ = try await bench.host.claim(incident, as: AgentClaim(agent: "two", version: "1"))
            }
            #expect(taken?.code == "incident_taken")
            try await bench.letLapse(incident)
            let second = try await bench.claim(incident, as: "two")
            let late = await refusal { _ = try await bench.agent(first).incident() }
            #expect(late?.status == 409 && late?.code == "claim_lapsed")
            let lateWord = await refusal { _ = try await bench.agent(first).propose(PlayedWorld.proposal()) }
            #expect(lateWord?.code == "claim_lapsed")
            #expect(try await bench.agent(second).incident().state == .diagnosing)
            let told = try await bench.person.events(of: incident).map(\.type)
            #expect(told == ["incident.opened", "agent.claimed", "agent.released", "agent.claimed"])
        }
    }

    /// An agent that cannot be told of its incident has not got it.
    @Test func whileObserverIsAwayNothingIsClaimed() async throws {
        try await GateBench.with { bench, incident in
            bench.world.isAway = true
            let away = await refusal {
                _ = try await bench.host.claim(incident, as: AgentClaim(agent: "one", version: "1"))
            }
            #expect(away?.status == 503 && away?.code == "peer_unavailable")
            #expect(away?.message.contains("secret") == false)
            #expect(try await bench.store.record(incident).wasClaimed == false)
            bench.world.isAway = false
            let claim = try await bench.claim(incident, as: "two")
            bench.world.isAway = true
            let asked = await refusal {
                _ = try await bench.agent(claim).read(ReadRequest(reads: [ReadQuery(read: "pg.blockers")]))
            }
            #expect(asked?.code == "peer_unavailable")
            let wanted = await refusal { _ = try await bench.agent(claim).propose(PlayedWorld.proposal()) }
            #expect(wanted?.code == "peer_unavailable")
            #expect(try await bench.store.record(incident).proposals.isEmpty)
        }
    }

    @Test func aWaitingRequestKeepsTheClaimAndADeadOneDoesNot() async throws {
        try await GateBench.with(leaseS: 6) { bench, incident in
            let first = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(first).propose(PlayedWorld.proposal())
            let waited = try await bench.agent(first).outcome(of: receipt.proposal, waiting: 9)
            #expect(waited.state == .pending)
            #expect(try await bench.store.record(incident).keyHash != nil)
            let waiting = Task { try await bench.agent(first).outcome(of: receipt.proposal, waiting: 25) }
            try await Task.sleep(for: .milliseconds(300))
            waiting.cancel()
            _ = await waiting.result
            let second = try await bench.claim(incident, as: "two")
            #expect(second.incident.state == .awaitingApproval)
            #expect(second.incident.proposals.map(\.proposal) == [receipt.proposal])
        }
    }

    @Test func aQuestionIsAnsweredAfterItsAgentDiedAndActedOnOnce() async throws {
        try await GateBench.with { bench, incident in
            let first = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(first).propose(PlayedWorld.proposal())
            let approval = try #require(receipt.approval)
            try await bench.letLapse(incident)
            let second = try await bench.claim(incident, as: "two")
            let doubled = await refusal { _ = try await bench.agent(second).propose(PlayedWorld.proposal()) }
            #expect(doubled?.code == "proposal_pending")
            #expect(try await bench.approve(approval).state == .approved)
            let twice = await refusal { _ = try await bench.approve(approval) }
            #expect(twice?.code == "approval_decided")
            let outcome = try await bench.agent(second).outcome(of: receipt.proposal, waiting: 20)
            #expect(outcome.state == .recovered)
            #expect(bench.world.effects == ["\(receipt.proposal)-1-0": 1])
            #expect(bench.world.requests == 1)
            #expect(try await bench.person.incident(incident).incident.state == .resolved)
        }
    }

    /// A gate that asks again about a run under way hears that it goes on, and must not take that for an end.
    @Test func aRunThatGoesOnIsAskedAboutAgain() async throws {
        try await GateBench.with { bench, incident in
            bench.world.isSlow = true
            let claim = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal())
            _ = try await bench.approve(try #require(receipt.approval))
            let early = try await bench.agent(claim).outcome(of: receipt.proposal, waiting: 2)
            #expect(early.state == .running)
            bench.world.isSlow = false
            #expect(try await bench.agent(claim).outcome(of: receipt.proposal, waiting: 20).state == .recovered)
            #expect(bench.world.requests > 1)
            #expect(bench.world.effects.count == 1)
        }
    }

    @Test func whatCannotBeCarriedOutIsNotApproved() async throws {
        try await GateBench.with { bench, incident in
            let claim = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal(refused: [true, false]))
            let approval = try #require(receipt.approval)
            let refused = await refusal { _ = try await bench.approve(approval, option: 1) }
            #expect(refused?.status == 409 && refused?.code == "option_refused")
            #expect(refused?.message == "option 1 of \(approval) cannot be carried out: the cache is empty")
            #expect(try await bench.approve(approval, option: 2).option == 2)
        }
    }

    @Test func theStopVoidsQuestionsAndResumingDoesNotReviveThem() async throws {
        try await GateBench.with { bench, incident in
            let claim = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal())
            let approval = try #require(receipt.approval)
            let epoch = try await bench.person.stopAgents(reason: "drill")
            #expect(try await bench.agent(claim).outcome(of: receipt.proposal).state == .blocked)
            let late = await refusal { _ = try await bench.approve(approval) }
            #expect(late?.code == "approval_decided")
            #expect(try await bench.agent(claim).propose(PlayedWorld.proposal()).state == .blocked)
            #expect(try await bench.person.resumeAgents(reason: "over") == epoch + 1)
            #expect(try await bench.person.approval(approval).approval.state == .superseded)
            #expect(try await bench.agent(claim).propose(PlayedWorld.proposal()).state == .pending)
            #expect(bench.world.requests == 0)
        }
    }

    @Test func observeRecordsAndDoesNothing() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.person.set(AutonomySetting(level: .observe))
            let claim = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal())
            #expect(receipt.state == .simulated && receipt.approval == nil)
            #expect(try await bench.person.approvals().isEmpty)
            let closed = try await bench.person.close(incident, reason: "seen enough")
            #expect(closed.state == .escalated)
            #expect(bench.world.requests == 0)
        }
    }
}
