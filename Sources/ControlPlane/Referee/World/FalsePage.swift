import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSpec
import OpsSystem

/// A page about nothing, raised by the referee so that a known behaviour acts although nobody suffers.
struct FalsePage: Sendable {
    private let gate: ServiceClient
    private let journey: String

    init(_ lab: RefereeLab) throws {
        let key = try RefereeLab.secret(lab.lab.layout.secret("key-referee"))
        gate = ServiceClient(base: lab.record.ports.url(.gate), key: key, http: lab.lab.http)
        journey = lab.topology.journeys.first?.name ?? "checkout"
    }

    /// Tells the gate, in the words of an Alertmanager webhook, that a journey burns.
    func raise() async throws {
        let alert: JSONValue = [
            "status": "firing",
            "labels": ["alertname": "JourneyBurns", "journey": .string(journey), "severity": "page"],
            "annotations": ["summary": .string("\(journey) burns its error budget")],
            "startsAt": .string(Timestamp.now().description),
            "fingerprint": .string(Identifier.random(prefix: "", length: 16)),
        ]
        let _: JSONValue = try await gate.post(
            "/signals/alertmanager",
            ["version": "4", "alerts": [alert]] as JSONValue
        )
    }
}
