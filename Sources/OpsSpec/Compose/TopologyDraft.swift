public import OpsYAML

/// A first topology, as far as a Compose file bears it out, and what a person has to add.
///
/// Nothing is guessed: a kind without evidence is a question, journeys are not made up, nothing may be broken and nothing
/// restarted. ``text`` is what belongs into the file.
public struct TopologyDraft: Hashable, Sendable {
    /// The Compose file as the person named it.
    public var source: String
    /// The system's name, where the Compose file has one.
    public var system: String?
    /// One for each service, in the order of the Compose file.
    public var components: [DraftedComponent]
    /// What health checks ask, of kinds that can be asked.
    ///
    /// One with a single vantage point cannot stand in a topology and becomes a question.
    public var probes: [Probe]
    /// What of the Compose file was left out, each with its place, in the order of the text.
    public var remarks: [Problem]

    /// Something that only a person can know.
    public struct Gap: Codable, Hashable, Sendable {
        /// Where in the topology it belongs, as a dotted path.
        public var place: String
        /// What belongs there.
        public var words: String
        /// True when the topology is not accepted without it.
        public var isRequired: Bool

        private enum CodingKeys: String, CodingKey {
            case place
            case words
            case isRequired = "is_required"
        }

        init(_ place: String, _ words: String, isRequired: Bool = false) {
            self.place = place
            self.words = words
            self.isRequired = isRequired
        }
    }

    /// Drafts the topology of the services of a Compose file.
    public init(_ compose: ComposeFile) {
        let links = DraftedNeeds(compose)
        let ending = Set(compose.services.flatMap(\.dependencies).filter(\.endsFirst).map(\.name))
        let components = compose.services.map { service in
            DraftedComponent(service, needs: links.needs[service.name] ?? [], isOneOff: ending.contains(service.name))
        }
        source = compose.file
        system = compose.name
        self.components = components
        probes = Self.probes(of: compose.services, components, callers: components.filter { !ending.contains($0.name) })
        remarks = (compose.remarks + links.remarks).inOrder()
    }

    private static func probes(
        of services: [ComposeService],
        _ components: [DraftedComponent],
        callers: [DraftedComponent]
    ) -> [Probe] {
        var vantages: [String: [String]] = [:]
        for caller in callers {
            for name in caller.needs { vantages[name, default: []].append(caller.name) }
        }
        return zip(services, components).compactMap { service, component -> Probe? in
            guard let check = service.healthCheck, let question = asked(by: check, component.kind) else {
                return nil
            }
            let from = ["observer"] + (vantages[component.name] ?? [])
            return Probe(target: component.name, question: question, from: from, timeout: check.timeout ?? .seconds(1))
        }
    }

    private static func asked(by check: ComposeService.HealthCheck, _ kind: ComponentKind) -> Probe.Question? {
        switch kind {
        case .postgres: .sql("select 1")
        case .http: check.question.map { .http($0.path) }
        case .worker, .batch, .provider, .directory, .external: nil
        }
    }
}
