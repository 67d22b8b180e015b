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

    /// Begins it in the lab.
    func begin(in lab: RefereeLab, rate: Double) async throws {
        switch kind {
        case .none: return
        case .trafficSpike: try await mix(lab, ["rate": .double(rate * 1.3)])
        case .cardDeclines: try await mix(lab, ["declines": 0.2])
        case .benignDeploy: try deploy(lab)
        }
    }

    private func mix(_ lab: RefereeLab, _ order: JSONValue) async throws {
        let _: JSONValue = try await lab.load.post("/mix", order)
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
