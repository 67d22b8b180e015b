import OpsHTTP
import OpsModel
import RemediationAgent
import Synchronization

/// Keeps the claim on an incident while its agent thinks, and remembers when there is nothing left to keep.
final class ClaimPulse: Sendable {
    /// Why nothing more can be said about an incident that has ended.
    static let ended = "the incident has ended"

    private struct State {
        var reason: String?
        var isTold = false
    }

    private let state = Mutex(State())

    /// Why nothing more can be said about the incident; nil as long as something can.
    var end: String? { state.withLock { $0.reason } }

    /// The same, once the agent knows it: until then it may still ask how its repair ended.
    var toldEnd: String? { state.withLock { $0.isTold ? $0.reason : nil } }

    /// Takes in that it is over, and whether the agent has just been told so; the first reason stays.
    func stop(because text: String, isTold: Bool = false) {
        state.withLock {
            $0.reason = $0.reason ?? text
            $0.isTold = $0.isTold || isTold
        }
    }

    /// Asks for the incident from time to time, until it has ended or the task is cancelled.
    ///
    /// A claim lapses when its agent is silent; thinking is no silence as long as the agent's time runs. A gate that is away is
    /// asked again. A key opens its incident for a while after the end, so the state tells as well as a refusal.
    func beat(_ gate: any IncidentGate, every interval: Duration) async {
        while !Task.isCancelled, end == nil {
            do {
                try await Task.sleep(for: interval)
                let incident = try await gate.incident()
                if [.resolved, .escalated].contains(incident.state) { stop(because: Self.ended) }
            } catch let error as RemoteError {
                if let text = error.endOfClaim { stop(because: text) }
            } catch {
                continue
            }
        }
    }
}

extension RemoteError {
    /// Why the key of the refused call opens nothing any more; nil when the refusal is about something else.
    var endOfClaim: String? {
        switch (status, code) {
        case (401, _), (409, "incident_closed"): ClaimPulse.ended
        case (409, "claim_lapsed"): "the claim on the incident has lapsed"
        default: nil
        }
    }
}
