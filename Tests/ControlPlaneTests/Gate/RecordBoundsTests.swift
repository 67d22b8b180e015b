import GateClient
import OpsHTTP
import OpsModel
import Testing

@testable import ControlPlane

/// How much an agent may say about one incident.
@Suite struct RecordBoundsTests {
    typealias Story = IncidentStory

    private func text(_ bytes: Int) -> String { String(repeating: "x", count: bytes) }

    private func diagnosis(_ statement: String, ruledOut: Int = 0) -> Diagnosis {
        Diagnosis(
            component: "cache",
            mechanism: "cache-bad",
            confidence: .low,
            statement: statement,
            evidence: [],
            ruledOut: (0..<ruledOut).map { _ in RuledOut(component: "db", mechanism: "none", because: text(4_000)) }
        )
    }

    private func proposal(options: Int, steps: Int, parameters: [String: JSONValue] = [:]) -> Proposal {
        let step = ProposedStep(action: "clear-cache", parameters: parameters)
        let option = ProposedOption(title: "clear", steps: Array(repeating: step, count: steps))
        return Proposal(summary: "clear", options: Array(repeating: option, count: options))
    }

    private func refusal(_ body: () throws -> Void) -> GateRefusal? {
        do {
            try body()
            return nil
        } catch {
            return error as? GateRefusal
        }
    }

    @Test func aTextHasFourKibibytesWhereverItStands() throws {
        try RecordBounds.check(diagnosis(text(4_096)))
        let long = refusal { try RecordBounds.check(diagnosis(text(4_097))) }
        #expect(long?.code == .limitExceeded && long?.code.status == 422)
        #expect(long?.message == "statement holds a text of more than 4096 bytes" && long?.hint != nil)
        let deep: [String: JSONValue] = ["component": ["a": [.string(text(4_097))]]]
        #expect(refusal { try RecordBounds.check(proposal(options: 1, steps: 1, parameters: deep)) } != nil)
        let name: [String: JSONValue] = [text(4_097): 1]
        #expect(refusal { try RecordBounds.check(proposal(options: 1, steps: 1, parameters: name)) } != nil)
        #expect(refusal { try RecordBounds.check(Escalation(reason: "", found: [text(4_097)])) } != nil)
        #expect(refusal { try RecordBounds.check(diagnosis(String(repeating: "é", count: 2_049))) } != nil, "bytes")
    }

    @Test func allTextsTogetherHaveSixtyFour() throws {
        try RecordBounds.check(diagnosis("", ruledOut: 15))
        #expect(refusal { try RecordBounds.check(diagnosis("", ruledOut: 17)) }?.code == .limitExceeded)
    }

    @Test func aProposalHasEightOptionsOfEightSteps() throws {
        try RecordBounds.check(proposal(options: 8, steps: 8))
        for (options, steps) in [(9, 1), (1, 9)] {
            let many = refusal { try RecordBounds.check(proposal(options: options, steps: steps)) }
            #expect(many?.message == "a proposal has at most 8 options of 8 steps each")
        }
    }

    @Test func anIncidentKeepsFiftyDiagnosesAndFiftyProposals() throws {
        var record = try Story.claimed()
        for number in 1...50 {
            record = try Story.machine(record).diagnosed(diagnosis("so")).record
            record = try Story.machine(record).proposed(Story.prepared(number, verdict: .block(reason: "no"))).record
        }
        let full = record
        #expect(refusal { _ = try Story.machine(full).diagnosed(diagnosis("so")) }?.code == .limitExceeded)
        #expect(refusal { _ = try Story.machine(full).proposed(Story.prepared(51)) }?.code == .limitExceeded)
        #expect(try Story.machine(full).escalated(Escalation(reason: "enough")).record.incident.state == .escalated)
    }

    @Test func overTheWireItIsRefusedAndNothingIsKept() async throws {
        try await GateBench.with { bench, incident in
            for claim in [AgentClaim(agent: text(201), version: "1"), AgentClaim(agent: "one", version: text(201))] {
                let refused = await #expect(throws: RemoteError.self) {
                    _ = try await bench.host.claim(incident, as: claim)
                }
                #expect(refused?.status == 422 && refused?.code == "limit_exceeded")
            }
            let agent = bench.agent(try await bench.claim(incident, as: text(200)))
            let long = await #expect(throws: RemoteError.self) { try await agent.diagnose(diagnosis(text(4_097))) }
            #expect(long?.status == 422 && long?.code == "limit_exceeded")
            let many = await #expect(throws: RemoteError.self) {
                _ = try await agent.propose(proposal(options: 9, steps: 1))
            }
            #expect(many?.code == "limit_exceeded")
            let spoken = await #expect(throws: RemoteError.self) {
                try await agent.escalate(Escalation(reason: text(4_097)))
            }
            #expect(spoken?.code == "limit_exceeded")
            let record = try await bench.store.record(incident)
            #expect(record.diagnoses.isEmpty && record.proposals.isEmpty && !record.isFinal)
        }
    }
}
