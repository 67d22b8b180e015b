internal import OpsModel
internal import OpsSpec

/// The first look, the same for every incident: what a person on call would put on the screen before thinking.
struct Survey: Sendable {
    let neighbourhood: Neighbourhood

    /// Its questions.
    var questions: [ReadQuery] {
        neighbourhood.journeys.flatMap(journey)
            + neighbourhood.view.components.flatMap(component)
            + [ReadQuery(read: "change.recent"), ReadQuery(read: "ledger.mismatch")]
    }

    private func journey(_ name: String) -> [ReadQuery] {
        [
            ReadQuery(read: "journey.good_ratio", selector: [name]), Customers.question(about: name),
            ReadQuery(read: "journey.p99", selector: [name]),
            ReadQuery(read: "journey.failures_by", selector: [name, "code"]),
            ReadQuery(read: "journey.failures_by", selector: [name, "instance"]),
            ReadQuery(read: "journey.failures_by", selector: [name, "route"]),
        ]
    }

    private func component(_ component: ViewedComponent) -> [ReadQuery] {
        guard let kind = ComponentKind(rawValue: component.kind) else { return [] }
        return reads(for: kind, component).map { ReadQuery(read: $0, component: component.name) }
    }

    private func reads(for kind: ComponentKind, _ component: ViewedComponent) -> [String] {
        let usesPool = component.needs.contains { neighbourhood.kind(of: $0) == .postgres }
        switch kind {
        case .http:
            return ["process.state", "probe.result", "log.new_templates", "log.code"]
                + (usesPool ? ["pool.waiting"] : [])
        case .worker:
            return ["process.state", "log.new_templates", "log.code", "queue.depth"]
                + (usesPool ? ["pool.waiting"] : [])
        case .batch: return ["process.state", "log.new_templates"]
        case .postgres: return ["process.state", "probe.result", "pg.blockers", "pg.connections_ratio"]
        case .provider, .external: return ["probe.result", "probe.latency", "call.errors"]
        case .directory: return ["cache.bad", "cache.kept", "cache.hit_ratio", "disk.used_ratio"]
        }
    }
}
