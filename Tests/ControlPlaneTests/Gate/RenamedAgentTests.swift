import GateClient
import OpsHTTP
import OpsModel
import OpsSpec
import Testing

@testable import ControlPlane

/// Over the wire: an agent that hears other names, and people who see the true ones.
@Suite struct RenamedAgentTests {
    private func refusal(_ body: () async throws -> Void) async -> RemoteError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RemoteError
        }
    }

    @Test func everythingThatAnAgentIsToldHasOtherNames() async throws {
        let names: @Sendable (String) -> String = GateBench.renaming(3).there
        try await GateBench.with { bench, incident in
            try await bench.referee.set(Handicap(renameSeed: 3))
            let listed = try await bench.host.unclaimed(waiting: 5)
            #expect(listed.first?.pages.first?.journey == names("checkout"))
            let claim = try await bench.claim(incident, as: "one")
            let agent = bench.agent(claim)
            let cache = names("cache")
            #expect(claim.incident.view.system == names("shop"))
            #expect(claim.incident.view.components.map(\.name) == [cache])
            #expect(claim.incident.view.components.map(\.kind) == ["directory"])
            #expect(claim.incident.view.journeys.first?.request == names("POST /api/checkout"))
            #expect(claim.incident.actions.map(\.name) == PlayedWorld.catalogue.map(\.name), "words of the catalogue")
            #expect(claim.incident.actions[0].parameters.at("properties.component.enum.0")?.stringValue == cache)
            #expect(claim.incident.pages.first?.fingerprint != "c", "it would tell the journey")
            let reply = try await agent.read(ReadRequest(reads: [ReadQuery(read: "cache.bad", component: cache)]))
            #expect(reply.answers.first?.component == cache)
            let shown = try OpsJSON.string(claim)
            for name in ["shop", "checkout", "\"cache\"", "\"api\""] {
                #expect(!shown.contains(name), "\(name) is told")
            }
        }
    }

    @Test func peopleAndActionPlaneHearTheTrueOnes() async throws {
        let names: @Sendable (String) -> String = GateBench.renaming(3).there
        try await GateBench.with { bench, incident in
            try await bench.referee.set(Handicap(renameSeed: 3))
            let claim = try await bench.claim(incident, as: "one")
            let agent = bench.agent(claim)
            let cache = names("cache")
            _ = try await agent.read(ReadRequest(reads: [ReadQuery(read: "cache.bad", component: cache)]))
            // What is kept back may end before the incident: its agent goes on with the names it knows.
            try await bench.referee.set(Handicap())
            try await agent.diagnose(
                Diagnosis(
                    component: cache,
                    mechanism: "cache-bad",
                    confidence: .high,
                    statement: "entries of \(cache) are damaged, a cache like others",
                    evidence: ["ev-1"]
                )
            )
            var proposal = PlayedWorld.proposal()
            proposal.options[0].steps[0].parameters["component"] = .string(cache)
            proposal.evidence = ["ev-1"]
            let receipt = try await agent.propose(proposal)
            let approval = try await bench.person.approval(try #require(receipt.approval))
            #expect(approval.options[0].steps[0].parameters["component"] == "cache")
            #expect(approval.evidence.map(\.component) == ["cache"])
            let detail = try await bench.person.incident(incident)
            #expect(detail.diagnoses.map(\.component) == ["cache"])
            #expect(detail.diagnoses.map(\.statement) == ["entries of cache are damaged, a cache like others"])
            #expect(!(try OpsJSON.string(detail)).contains(cache))
        }
    }

    @Test func aTrueNameMeansNothingAndRefusalsTellNone() async throws {
        let names: @Sendable (String) -> String = GateBench.renaming(3).there
        try await GateBench.with { bench, incident in
            try await bench.referee.set(Handicap(renameSeed: 3))
            let agent = bench.agent(try await bench.claim(incident, as: "one"))
            let reply = try await agent.read(ReadRequest(reads: [ReadQuery(read: "cache.bad", component: "cache")]))
            #expect(reply.answers.first?.component == "cache", "as it was asked")
            let kept = try await bench.store.evidence(incident)
            #expect(kept.map(\.component) == [names("cache")], "nothing is called so")
            var proposal = PlayedWorld.proposal()
            proposal.options[0].steps[0].action = "mend"
            let refused = await refusal { _ = try await agent.propose(proposal) }
            #expect(refused?.code == "proposal_invalid")
            #expect(refused?.hint == "the catalogue has clear-cache, terminate-sessions", "words of the catalogue")
        }
    }

    @Test func whoComesSecondUnderTrueNamesUnderstandsWhatWasSaid() async throws {
        let names: @Sendable (String) -> String = GateBench.renaming(3).there
        try await GateBench.with { bench, incident in
            try await bench.referee.set(Handicap(renameSeed: 3))
            let first = try await bench.claim(incident, as: "one")
            _ = try await bench.agent(first).read(ReadRequest(reads: [ReadQuery(read: "change.recent")]))
            let diagnosis = Diagnosis(
                component: names("cache"),
                mechanism: "cache-bad",
                confidence: .high,
                statement: "",
                evidence: ["ev-1"]
            )
            try await bench.agent(first).diagnose(diagnosis)
            try await bench.letLapse(incident)
            try await bench.referee.set(Handicap())
            let second = try await bench.claim(incident, as: "two")
            #expect(second.incident.diagnosis?.component == "cache")
        }
    }

    @Test func onlyTheRefereeChangesNames() async throws {
        try await GateBench.with { bench, _ in
            for client in [bench.person, OperatorClient(ServiceClient(base: bench.base, key: bench.hostKey))] {
                #expect(await refusal { try await client.set(Handicap(renameSeed: 1)) }?.status == 403)
                #expect(await refusal { _ = try await client.memory(before: .now()) }?.status == 403)
            }
            let nobody = OperatorClient(ServiceClient(base: bench.base, key: "none"))
            #expect(await refusal { try await nobody.set(Handicap(renameSeed: 1)) }?.status == 401)
            let bad = [Handicap(leaseS: 0), Handicap(telemetryDelayS: -1), Handicap(telemetryDelayS: 61)]
            for handicap in bad { #expect(await refusal { try await bench.referee.set(handicap) }?.status == 422) }
        }
    }
}
