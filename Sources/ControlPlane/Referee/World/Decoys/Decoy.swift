import OpsHTTP
import OpsModel
import OpsScenario
import OpsSpec
import OpsSystem

/// Something that looks suspicious and is harmless; it stays on until the run is over.
struct Decoy: Sendable {
    let kind: DecoyKind

    /// The decoy of this name; a name that is none must not pass for a decoy that has begun.
    init(named name: String) throws {
        guard let kind = DecoyKind(rawValue: name) else { throw RefereeError.unknownDecoy(name) }
        self.kind = kind
    }

    /// Begins it in the lab; gives what has to be done again and again as long as the run lasts.
    func begin(in lab: RefereeLab, rate: Double) async throws -> (any RecurringDecoy)? {
        switch kind {
        case .none: return nil
        case .trafficSpike: try await mix(lab, ["rate": .double(rate * 1.3)])
        case .cardDeclines: try await mix(lab, ["declines": 0.2])
        case .benignDeploy: try deploy(lab)
        case .cpuNoise: return CPUNoise()
        case .logNoise: return try LogNoise(lab)
        case .slowBatch: return try SlowBatch(lab)
        case .flappingProbe: return try FlappingProbe(lab)
        }
        return nil
    }

    /// Changes one thing about the customers; what another decoy has changed stays.
    private func mix(_ lab: RefereeLab, _ change: [String: JSONValue]) async throws {
        let mix: JSONValue = try await lab.load.get("/mix")
        for wish in change.keys where mix[wish] == nil { throw RefereeError.unknownToCustomers(wish) }
        let kept = (mix.objectValue ?? [:]).filter { $0.key == "declines" && !$0.value.isNull }
        let _: JSONValue = try await lab.load.post("/mix", JSONValue.object(kept.merging(change) { $1 }))
    }

    /// A comment goes out with the configuration, as a release tool would leave it; nothing reads it.
    private func deploy(_ lab: RefereeLab) throws {
        for bound in lab.bindings.config.values {
            let text = try FileSystem.text(bound.path)
            let number = text.split(separator: "\n").count { $0.hasPrefix("# release") } + 1
            try FileSystem.writeAtomically(text + "# release \(number)\n", to: bound.path)
        }
    }
}
