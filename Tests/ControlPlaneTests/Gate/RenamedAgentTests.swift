import GateClient
import OpsHTTP
import OpsModel
import OpsService
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

    @Test func aPageAboutAComponentHasAnotherNameToo() async throws {
        let names: @Sendable (String) -> String = GateBench.renaming(3).there
        try await GateBench.with { bench, _ in
            try await bench.referee.set(Handicap(renameSeed: 3))
            let page = Page(
                fingerprint: "d",
                journey: "",
                component: "cache",
                status: .firing,
                summary: "cache: no room",
                startedAt: .now()
            )
            let intake = PageIntake(store: bench.store, changed: ChangeSignal(), actionLimit: 4)
            try await intake.take([page])
            let told = try #require(try await bench.host.unclaimed(waiting: 5).first?.pages.last)
            #expect(told.component == names("cache") && told.summary == "\(names("cache")): no room")
            #expect(told.journey.isEmpty && told.fingerprint != "d", "it would tell the component")
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

    @Test func whoComesSecondHearsTheNamesOfTheFirst() async throws {
        let names: @Sendable (String) -> String = GateBench.renaming(3).there
        try await GateBench.with { bench, incident in
            try await bench.referee.set(Handicap(renameSeed: 3))
            let first = try await bench.claim(incident, as: "one")
            _ = try await bench.agent(first).read(ReadRequest(reads: [ReadQuery(read: "change.recent")]))
            let diagnosis = Diagnosis(
                component: names("cache"),
                mechanism: "cache-bad",
                confidence: .high,
                statement: "damaged",
                evidence: ["ev-1"]
            )
            try await bench.agent(first).diagnose(diagnosis)
            try await bench.letLapse(incident)
            try await bench.referee.set(Handicap(renameSeed: 4))
            let listed = try await bench.host.unclaimed(waiting: 5)
            #expect(listed.first?.pages.map(\.journey) == [names("checkout")])
            let second = try await bench.claim(incident, as: "two")
            #expect(second.incident.diagnosis == diagnosis)
            #expect(second.incident.view.components.map(\.name) == [names("cache")])
        }
    }

    @Test func anIncidentThatWasClaimedUnderTrueNamesKeepsThem() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.claim(incident, as: "one")
            try await bench.letLapse(incident)
            try await bench.referee.set(Handicap(renameSeed: 3))
            #expect(try await bench.host.unclaimed(waiting: 5).first?.pages.map(\.journey) == ["checkout"])
            let second = try await bench.claim(incident, as: "two")
            #expect(second.incident.view.components.map(\.name) == ["cache"])
        }
    }

    /// Who waits hears the names that are in force when there is something to hear.
    @Test func namesThatChangeDuringAWaitAreHeard() async throws {
        let names: @Sendable (String) -> String = GateBench.renaming(3).there
        try await GateBench.with { bench, incident in
            _ = try await bench.person.close(incident, reason: "make room")
            let waiting = Task { try await bench.host.unclaimed(waiting: 20) }
            try await Task.sleep(for: .milliseconds(500))  // long enough to be there; a late one hears the same
            try await bench.referee.set(Handicap(renameSeed: 3))
            _ = try await bench.openAnother()
            #expect(try await waiting.value.first?.pages.map(\.journey) == [names("checkout")])
        }
    }

    /// Whatever an agent says that a refusal repeats comes back as it was said: no true name, and no drawn one for a true one.
    @Test func aRefusalRepeatsWordsAsTheyWereSaid() async throws {
        let drawn = GateBench.renaming(3).there("cache")
        try await GateBench.with { bench, incident in
            try await bench.referee.set(Handicap(renameSeed: 3))
            for word in ["cache", drawn, "ev-cache", "restart-\(drawn)"] {
                let claim = AgentClaim(agent: word, version: "1")
                #expect(
                    await refusal { _ = try await bench.host.claim(word, as: claim) }?.message
                        == "there is no incident \(word)"
                )
            }
            let agent = bench.agent(try await bench.claim(incident, as: "cache"))
            for word in ["cache", drawn, "ev-cache", "ev-\(drawn)", "restart-\(drawn)"] {
                var proposal = PlayedWorld.proposal()
                proposal.options[0].steps[0].action = word
                let action = await refusal { _ = try await agent.propose(proposal) }
                #expect(action?.message == "no such action: \(word)")
                let outcome = await refusal { _ = try await agent.outcome(of: word, waiting: 0) }
                #expect(outcome?.message == "there is no proposal \(word) in \(incident)")
                let said = Diagnosis(
                    component: "x",
                    mechanism: "none",
                    confidence: .low,
                    statement: "",
                    evidence: [word]
                )
                let evidence = await refusal { try await agent.diagnose(said) }
                #expect(evidence?.message == "no such evidence in this incident: \(word)")
                let escalation = Escalation(reason: "x", evidence: [word])
                let handOver = await refusal { try await agent.escalate(escalation) }
                #expect(handOver?.message == "no such evidence in this incident: \(word)")
            }
            let taken = await refusal {
                _ = try await bench.host.claim(incident, as: AgentClaim(agent: "two", version: "1"))
            }
            #expect(taken?.message == "another agent works on \(incident)")
        }
    }

    /// Alphabetical order would be that of the true names.
    @Test func whatIsUnknownIsRepeatedInTheOrderOfAsking() async throws {
        let names: @Sendable (String) -> String = GateBench.renaming(3).there
        try await GateBench.with { bench, incident in
            try await bench.referee.set(Handicap(renameSeed: 3))
            let agent = bench.agent(try await bench.claim(incident, as: "one"))
            for words in [["shop", "cache", "api"], ["api", "shop", "cache"]].map({ $0.map(names) }) {
                var proposal = PlayedWorld.proposal()
                proposal.options[0].steps = words.map { ProposedStep(action: $0) }
                let refused = await refusal { _ = try await agent.propose(proposal) }
                #expect(refused?.message == "no such action: \(words.joined(separator: ", "))")
            }
        }
    }

    /// A true name that an agent writes itself must not come back as the drawn one beside it.
    @Test func anAgentsSentencesComeBackAsItWroteThem() async throws {
        let cache = GateBench.renaming(3).there("cache")
        try await GateBench.with { bench, incident in
            try await bench.referee.set(Handicap(renameSeed: 3))
            let agent = bench.agent(try await bench.claim(incident, as: "one"))
            _ = try await agent.read(ReadRequest(reads: [ReadQuery(read: "cache.bad", component: cache)]))
            let said = Diagnosis(
                component: cache,
                mechanism: "cache-bad",
                confidence: .high,
                statement: "entries of \(cache) are damaged, a cache like others of the shop",
                evidence: ["ev-1"],
                ruledOut: [RuledOut(component: "api", mechanism: "none", because: "no api is \(cache)")]
            )
            try await agent.diagnose(said)
            #expect(try await agent.incident().diagnosis == said)
            let kept = try await bench.person.incident(incident).diagnoses
            #expect(kept.map(\.statement) == ["entries of cache are damaged, a cache like others of the shop"])
        }
    }

    /// What the gate names itself can be cited, whatever the parts of a system are called.
    @Test func theGatesOwnNamesStay() {
        var chance = SeededGenerator(seed: 1)
        let names = Renaming(["inc", "pro", "apr", "ev", "api"], using: &chance)
        for name in ["inc-7x2mq0ap", "pro-k3v9a1xw", "apr-0m5t2c8d", "ev-12"] { #expect(names.back(name) == name) }
        #expect(names.back("api") != "api")
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
