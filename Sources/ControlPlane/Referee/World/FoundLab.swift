import GateClient
import ObserverClient
import OpsHTTP
import OpsModel

/// What a run changes of a lab beside its target, as it was found.
struct FoundLab: Sendable {
    private let baseline: Baseline
    private let gate: OperatorClient
    private let load: ServiceClient
    private let observer: ObserverClient
    /// Whether the target is being reset: stopped half way, it would stay down.
    var isResetting = false
    /// How much agents might do; nil while it is not known and not changed.
    var autonomy: AutonomySetting?
    /// Whether Observer or the gate keeps something back.
    var hasHandicap = false
    /// What the customers did after the reset; nil while it is not known and not changed.
    var mix: JSONValue?

    /// Whether what the gate has open afterwards is only the run's, and nothing for the next agent to work on.
    private let endsIncidents: Bool

    init(_ lab: RefereeLab, endsIncidents: Bool) {
        self.endsIncidents = endsIncidents
        baseline = Baseline(lab)
        gate = lab.gate
        load = lab.load
        observer = lab.observer
    }

    /// The way back, in steps of which one may fail without the others.
    var parts: [@Sendable () async throws -> Void] {
        [
            { if isResetting { try await baseline.restore() } }, { try await baseline.endFaults() },
            { if endsIncidents { try await baseline.closeIncidents() } },
            { if let autonomy { _ = try await gate.set(autonomy) } },
            { if hasHandicap { try await observer.set(Handicap()) } },
            { if hasHandicap { try await gate.set(Handicap()) } },
            { if let mix { let _: JSONValue = try await load.post("/mix", mix) } },
        ]
    }
}
