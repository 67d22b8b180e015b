import ActionClient
import ChaosClient
import GateClient
import ObserverClient
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSpec
import OpsSystem

/// A running lab as the referee sees it: every service behind its client, with the referee's own keys.
struct RefereeLab: Sendable {
    let lab: Lab
    let record: InstanceRecord
    let topology: Topology
    let bindings: Bindings
    let observer: ObserverClient
    let gate: OperatorClient
    let chaos: ChaosClient
    /// The customers: mix and ledger.
    let load: ServiceClient

    init(_ lab: Lab) async throws {
        try await lab.requireEngine()
        guard let record = lab.record, await lab.isUp() else {
            throw RuntimeError(.notRunning, "lab '\(lab.name)' is down", hint: "opslab up starts it")
        }
        let removed = try await lab.removedPrograms()
        guard removed.isEmpty else {
            throw RuntimeError(
                .notRunning,
                "containers of lab '\(lab.name)' were removed behind its back: \(removed.joined(separator: ", "))",
                hint: "`opslab up` makes them again"
            )
        }
        self.lab = lab
        self.record = record
        topology = try Topology.load(lab.layout.topology)
        bindings = try Bindings.load(lab.layout.bindings)
        let key = try Self.secret(lab.layout.secret("key-referee"))
        let http = HTTPClient(configuration: Self.patience)
        observer = ObserverClient(base: record.ports.url(.observer), key: key, http: http)
        gate = OperatorClient(ServiceClient(base: record.ports.url(.gate), key: key, http: http))
        chaos = ChaosClient(base: record.ports.url(.chaos), key: key, http: http)
        load = ServiceClient(base: record.ports.url(.load), key: key, http: http)
    }

    /// A service that is killed is back within seconds, and what it knows is on disk: whoever reads waits for it.
    private static let patience = HTTPClient.Configuration(timeout: .seconds(15), retries: 40)

    var objectives: [String: Double] {
        Dictionary(uniqueKeysWithValues: topology.journeys.map { ($0.name, $0.objective) })
    }

    /// A client of one bound process of the target, with the referee's key.
    func target(_ component: String) throws -> ServiceClient? {
        guard let url = bindings.components[component]?.instances?.first?.url else { return nil }
        return ServiceClient(
            base: record.outside(url),
            key: try Self.secret(lab.layout.secret("key-referee")),
            http: lab.http
        )
    }

    /// ActionPlane as the person at the terminal reaches it; the referee itself has no key for it.
    func operatorsAction() throws -> ActionClient {
        let key = try Self.secret(lab.layout.secret("key-operator"))
        return ActionClient(base: record.ports.url(.action), key: key, http: lab.http)
    }

    static func secret(_ path: String) throws -> String {
        let text = try FileSystem.text(path, limit: 4_096)
        return String(text.prefix { !$0.isNewline })
    }
}
