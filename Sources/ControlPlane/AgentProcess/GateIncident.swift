import GateClient
import OpsHTTP
import OpsModel
import RemediationAgent

/// One incident at the gate, over HTTP.
///
/// Asking is repeated while the gate restarts; saying is not, so nothing is said twice. Only a proposal that the gate could
/// not have planned is made again: nothing was kept of it.
struct GateIncident: IncidentGate {
    let client: IncidentClient
    private static let tries = 20

    func incident() async throws -> AgentIncident {
        try await patiently { try await client.incident() }
    }

    func read(_ questions: [ReadQuery]) async throws -> [ReadAnswer] {
        try await patiently { try await client.read(ReadRequest(reads: questions)).answers }
    }

    func diagnose(_ diagnosis: Diagnosis) async throws { try await client.diagnose(diagnosis) }

    func propose(_ proposal: Proposal) async throws -> ProposalReceipt {
        for _ in 1..<Self.tries {
            do {
                return try await client.propose(proposal)
            } catch let error as RemoteError where error.code == "peer_unavailable" {
                try await Task.sleep(for: .milliseconds(500))
            }
        }
        return try await client.propose(proposal)
    }

    func escalate(_ escalation: Escalation) async throws { try await client.escalate(escalation) }

    func outcome(of proposal: String, wait seconds: Int) async throws -> ProposalOutcome {
        try await patiently { try await client.outcome(of: proposal, waiting: seconds) }
    }

    private func patiently<Answer>(_ ask: () async throws -> Answer) async throws -> Answer {
        for _ in 1..<Self.tries {
            do {
                return try await ask()
            } catch let error as HTTPClientError where [.unreachable, .interrupted, .timedOut].contains(error.code) {
                try await Task.sleep(for: .milliseconds(500))
            } catch let error as RemoteError where error.status == 503 || error.status == 429 {
                try await Task.sleep(for: .milliseconds(500))
            }
        }
        return try await ask()
    }
}
