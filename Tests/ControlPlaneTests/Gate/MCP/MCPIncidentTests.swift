import GateClient
import OpsHTTP
import OpsModel
import OpsTrust
import Testing

@testable import ControlPlane

/// Over the wire: how a session comes to an incident, keeps it, loses it, and waits for the next.
@Suite struct MCPIncidentTests {
    private func id(_ answer: ToolAnswer) -> String? { answer.document.at("incident.id")?.stringValue }

    /// Whether some session comes to wait in this call within ten seconds.
    private func isWaiting(_ call: JSONRPCID, at bench: GateBench) async throws -> Bool {
        for _ in 0..<500 {
            if bench.sessions.with({ $0.sessions.values.contains { $0.waiting == call } }) { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    @Test func theSessionIsBoundAndTheKeyStaysInTheGate() async throws {
        try await GateBench.with { bench, incident in
            let talk = try await MCPTalk.begun(at: bench, as: "seven")
            let taken = try await talk.tool("wait_for_incident")
            #expect(id(taken) == incident && taken.document["key"] == nil)
            #expect(try await bench.store.record(incident).incident.agent == "agent/seven")
            #expect(id(try await talk.tool("wait_for_incident")) == incident)
            let other = try await MCPTalk.begun(at: bench, as: "other")
            #expect(try await other.tool("wait_for_incident", ["wait_s": 0]).document["incident"] == .null)
            #expect(try await other.tool("incident").code == "no_incident")
            let told = try await bench.person.events(of: incident).map(\.type)
            #expect(told == ["incident.opened", "agent.claimed"])
        }
    }

    @Test func aLapsedClaimIsToldAndTakenUpAgain() async throws {
        try await GateBench.with { bench, incident in
            let talk = try await MCPTalk.begun(at: bench)
            _ = try await talk.tool("wait_for_incident")
            let asked = try await talk.tool("propose", Self.proposal)
            #expect(asked.document["state"] == "pending")
            try await bench.letLapse(incident)
            #expect(try await talk.tool("incident").code == "claim_lapsed")
            #expect(try await talk.tool("escalate", ["reason": "x"]).code == "claim_lapsed")
            let again = try await talk.tool("wait_for_incident")
            #expect(id(again) == incident)
            #expect(again.document.at("incident.proposals.0.proposal") == asked.document["proposal"])
            #expect(try await talk.tool("propose", Self.proposal).code == "proposal_pending")
        }
    }

    @Test func aPingKeepsTheClaim() async throws {
        try await GateBench.with(leaseS: 4) { bench, incident in
            let talk = try await MCPTalk.begun(at: bench)
            _ = try await talk.tool("wait_for_incident")
            let deadline = ContinuousClock.now + .seconds(7)
            while ContinuousClock.now < deadline {
                #expect(try await talk.send(MCPTalk.request("ping")).status == 200)
                try await Task.sleep(for: .milliseconds(200))
            }
            #expect(try await talk.tool("incident").isRefused == false)
            #expect(try await bench.person.events(of: incident).map(\.type) == ["incident.opened", "agent.claimed"])
        }
    }

    @Test func afterItsEndTheSessionWaitsForTheNext() async throws {
        try await GateBench.with { bench, incident in
            let talk = try await MCPTalk.begun(at: bench)
            _ = try await talk.tool("wait_for_incident")
            #expect(try await talk.tool("escalate", ["reason": "nothing known"]).document["message"] == "handed over")
            #expect(try await bench.store.record(incident).incident.state == .escalated)
            #expect(try await talk.tool("diagnose", Self.diagnosis).code == "incident_closed")
            let intake = PageIntake(store: bench.store, changed: ChangeSignal(), actionLimit: 4)
            let waiting = Task { try await talk.tool("wait_for_incident", id: 2) }
            try await intake.take([
                Page(fingerprint: "d", journey: "browse", status: .firing, summary: "", startedAt: .now())
            ])
            let next = id(try await waiting.value)
            #expect(next != nil && next != incident)
            #expect(id(try await talk.tool("incident")) == next)
        }
    }

    @Test func aLaterWaitEndsTheOneBefore() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.claim(incident, as: "somebody else")
            let talk = try await MCPTalk.begun(at: bench)
            let began = ContinuousClock.now
            let first = Task { try await talk.tool("wait_for_incident", id: 1) }
            #expect(try await isWaiting(.number(1), at: bench))
            let second = Task { try await talk.tool("wait_for_incident", id: 2) }
            #expect(try await first.value.document["incident"] == .null)
            let cancel: JSONValue = [
                "jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": 2],
            ]
            #expect(try await talk.send(cancel).status == 202)
            #expect(try await second.value.document["incident"] == .null)
            #expect(ContinuousClock.now - began < .seconds(15))
        }
    }

    /// A call that was given up may have claimed it all the same, a moment later.
    @Test func whatTheSessionWasGivenMeanwhileIsWhatItWaitedFor() async throws {
        try await GateBench.with { bench, incident in
            let held = try await bench.claim(incident, as: "talker")
            let key = try #require(APIKey(held.key))
            let talk = try await MCPTalk.begun(at: bench)
            let session = try #require(talk.session)
            let waiting = Task { try await talk.tool("wait_for_incident", id: 7) }
            #expect(try await isWaiting(.number(7), at: bench))
            bench.sessions.with { $0.bind(session, to: IncidentKey(incident: incident, hash: key.hash.hex)) }
            #expect(id(try await waiting.value) == incident)
        }
    }

    /// An hour later the key opens nothing; the tool says so as it does for one that was closed under its hands.
    @Test func anIncidentThatIsLongOverIsOver() async throws {
        try await GateBench.with { bench, incident in
            let talk = try await MCPTalk.begun(at: bench)
            _ = try await talk.tool("wait_for_incident")
            _ = try await bench.person.close(incident, reason: "by hand")
            try await bench.store.change(incident) { record in
                var change = IncidentChange(record)
                change.record.incident.endedAt = .now() + -3_600
                return change
            }
            let late = try await talk.tool("incident")
            #expect(late.code == "incident_closed")
            #expect(late.document["hint"] == "call wait_for_incident for the next one")
        }
    }

    static let diagnosis: JSONValue = [
        "component": "db", "mechanism": "query-slow", "confidence": "low", "statement": "slow", "evidence": [],
    ]
    static let proposal: JSONValue = [
        "summary": "empty the cache", "options": [["title": "clear", "steps": [["action": "clear-cache"]]]],
    ]
}
