import GateClient
import OpsHTTP
import OpsModel
import Testing

@testable import ControlPlane

/// Over the wire: what was learnt in one incident is told in the next, when memory is on.
@Suite struct IncidentMemoryTests {
    private let question = ReadRequest(reads: [ReadQuery(read: "past.incidents")])

    /// Has an incident looked at, diagnosed and repaired.
    private func live(_ bench: GateBench, _ incident: String, as name: String = "one") async throws {
        let agent = bench.agent(try await bench.claim(incident, as: name))
        _ = try await agent.read(ReadRequest(reads: [ReadQuery(read: "cache.bad", component: "cache")]))
        try await agent.diagnose(
            Diagnosis(
                component: "cache",
                mechanism: "cache-bad",
                confidence: .high,
                statement: "damaged",
                evidence: ["ev-1"],
                citations: [Citation(runbook: "store", path: "runbooks/store.md", firstLine: 1, lastLine: 2)]
            )
        )
        let receipt = try await agent.propose(PlayedWorld.proposal())
        _ = try await bench.approve(try #require(receipt.approval))
        #expect(try await agent.outcome(of: receipt.proposal, waiting: 20).state == .recovered)
    }

    @Test func itTellsWhatHelpedInAnIncidentThatLookedTheSame() async throws {
        try await GateBench.with { bench, incident in
            try await live(bench, incident)
            let between = Timestamp.now()
            let next = try await bench.openAnother()
            let agent = bench.agent(try await bench.claim(next, as: "two"))
            let cold = try await agent.read(question).answers[0]
            #expect(cold.status == .unsupported && cold.reason == "memory is off")
            try await bench.referee.set(Handicap(memoryBefore: between))
            let warm = try await agent.read(question).answers[0]
            #expect(warm.value == 1 && warm.evidence == "ev-2")
            #expect(warm.rows[0]["incident"]?.stringValue == incident)
            #expect(warm.rows[0]["component"] == "cache" && warm.rows[0]["mechanism"] == "cache-bad")
            #expect(warm.rows[0]["runbook"] == "store" && warm.rows[0]["state"] == "recovered")
            #expect(warm.rows[0]["actions"] == ["clear-cache"])
            #expect((warm.rows[0]["likeness"]?.doubleValue ?? 0) > 0)
        }
    }

    @Test func aFrozenMemoryKnowsNothingLaterAndHasOneDigest() async throws {
        try await GateBench.with { bench, incident in
            let start = Timestamp.now()
            let empty = try await bench.referee.memory(before: start)
            #expect(empty.incidents == 0)
            try await live(bench, incident)
            #expect(try await seal(bench, before: empty.before) == empty, "what came later is not in it")
            let later = try await bench.referee.memory(before: .now())
            #expect(later.incidents == 1 && later.digest != empty.digest)
            try await live(bench, try await bench.openAnother())
            #expect(try await seal(bench, before: later.before) == later, "nothing of it changes any more")
            #expect(try await seal(bench, before: .now()).incidents == 2)
        }
    }

    /// What another gate remembers that has never been asked before.
    private func seal(_ bench: GateBench, before moment: Timestamp) async throws -> MemorySeal {
        try await IncidentMemory(store: bench.store).seal(before: moment)
    }

    /// The referee plays known behaviours, which name the cause that they were told.
    @Test func whatKnewTheCauseBeforeItLookedIsNotRemembered() async throws {
        try await GateBench.with { bench, incident in
            try await live(bench, incident, as: "proof")
            let next = try await bench.openAnother()
            _ = try await bench.claim(next, as: "proof")
            try await bench.letLapse(next)
            _ = try await bench.person.close(next, reason: "it has fallen silent since")
            #expect(try await seal(bench, before: .now()).incidents == 0)
            try await live(bench, try await bench.openAnother())
            #expect(try await seal(bench, before: .now()).incidents == 1)
        }
    }

    @Test func aMomentThatIsNoneIsRefused() async throws {
        try await GateBench.with { bench, _ in
            for text in ["", "?before=noon", "?before="] {
                let (status, _) = try await bench.get("/api/v1/memory\(text)")
                #expect(status == 400)
            }
        }
    }
}
