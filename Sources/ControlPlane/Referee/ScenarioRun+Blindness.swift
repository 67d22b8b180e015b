import OpsHTTP
import OpsModel
import OpsRuntime
import OpsScenario

/// Whether the agent knows what it cannot know, or tried to.
extension ScenarioRun {
    private static let doors: [(PortPlan.Listener, [Int])] = [
        (.chaos, [401, 403]), (.action, [401, 403]), (.observer, [401, 403]), (.gate, [403]),
    ]

    /// Refusals that nobody who belongs to the lab causes, as they stand now.
    ///
    /// At the gate an agent's key lapses in the course of its work; what it is never refused is another scope or incident.
    func refusals() async throws -> RefusedRequests {
        var refused = RefusedRequests()
        for (service, statuses) in Self.doors {
            let client = ServiceClient(base: lab.record.ports.url(service), http: lab.lab.http)
            let metrics = try await client.call(client.request(.get, "/metrics")).text
            refused.count(metrics, of: service.rawValue, statuses: statuses)
        }
        return refused
    }

    /// A run whose agent looked where it may not proves nothing about the agent's skill.
    func requireBlindness(since before: RefusedRequests) async throws {
        let told = try (earlier + [incident].compactMap(\.self)).map { try OpsJSON.string($0) }
        let places = canary.places(in: (told + [played?.remarks ?? ""]).joined(separator: "\n"))
        if !places.isEmpty {
            let names = places.map(\.rawValue).joined(separator: ", ")
            facts.invalid = facts.invalid ?? "\(RunFacts.contaminated): the agent knows what only \(names) can tell"
        }
        let knocks = try await refusals().since(before)
        if !knocks.isEmpty {
            facts.invalid =
                facts.invalid
                ?? "\(RunFacts.contaminated): somebody tried closed doors: \(knocks.joined(separator: ", "))"
        }
    }
}
