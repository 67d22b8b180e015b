internal import OpsModel
internal import OpsSpec

/// A runbook applied to one component of its kind.
struct Binding: Sendable {
    let runbook: Runbook
    let component: ViewedComponent
    /// The runbook's place in the search, from zero.
    let rank: Int
    let neighbourhood: Neighbourhood

    /// What a reference of the runbook asks here; nil when it does not apply to this component.
    func bind(_ reference: Reference) -> BoundReference? {
        let expanded = runbook.expanded(reference)
        guard let (read, field) = ReadVocabulary.split(expanded.path) else { return nil }
        let fields = [field].compactMap(\.self) + expanded.tail
        let queries = self.queries(read, expanded.selector)
        guard !queries.isEmpty else { return nil }
        return BoundReference(read: read, field: fields.isEmpty ? nil : fields.joined(separator: "."), queries: queries)
    }

    private func queries(_ read: Read, _ selector: [String]) -> [ReadQuery] {
        if read.kinds.isEmpty { return [ReadQuery(read: read.name, selector: journeySelector(read, selector))] }
        switch read.subject {
        case .component: return componentQueries(read, selector)
        case .selector: return selectorQueries(read, selector)
        }
    }

    /// `pool.waiting{callers}` asks each caller instead of the component itself.
    private func componentQueries(_ read: Read, _ selector: [String]) -> [ReadQuery] {
        if let role = selector.first, let members = members(of: role) {
            return members.filter { applies(read, $0) }.map { member in
                ReadQuery(read: read.name, component: member.name, selector: Array(selector.dropFirst()))
            }
        }
        let own = applies(read, component) ? [component] : neighbourhood.callers(of: component.name)
        return own.filter { applies(read, $0) }.map {
            ReadQuery(read: read.name, component: $0.name, selector: selector)
        }
    }

    /// `pg.sessions{callers, active}` asks the component about each caller; `probe.result{fallback}` about an alternative;
    /// `probe.latency{needs}` asks what the component needs, and not the component about that.
    private func selectorQueries(_ read: Read, _ selector: [String]) -> [ReadQuery] {
        if let role = selector.first, ["siblings", "needs"].contains(role) {
            return (members(of: role) ?? []).filter { applies(read, $0) }.map { member in
                ReadQuery(read: read.name, component: member.name, selector: Array(selector.dropFirst()))
            }
        }
        guard applies(read, component) else { return [] }
        guard let first = selector.first else { return [ReadQuery(read: read.name, component: component.name)] }
        let rest = Array(selector.dropFirst())
        if let alternative = neighbourhood.alternative(first, of: component.name) {
            return [ReadQuery(read: read.name, component: component.name, instance: alternative, selector: rest)]
        }
        guard let members = members(of: first) else {
            return [ReadQuery(read: read.name, component: component.name, selector: selector)]
        }
        return members.map { ReadQuery(read: read.name, component: component.name, selector: [$0.name] + rest) }
    }

    private func journeySelector(_ read: Read, _ selector: [String]) -> [String] {
        guard read.name.hasPrefix("journey.") else { return selector }
        let journey = neighbourhood.journeys.first ?? ""
        return [journey]
            + (selector.first == "journey" || selector.first == journey ? Array(selector.dropFirst()) : selector)
    }

    private func members(of role: String) -> [ViewedComponent]? {
        switch role {
        case "callers", "caller": neighbourhood.callers(of: component.name)
        case "needs": component.needs.compactMap(neighbourhood.component)
        case "self": [component]
        case "siblings": siblings
        default: nil
        }
    }

    /// What the callers need besides this component.
    private var siblings: [ViewedComponent] {
        let names = neighbourhood.callers(of: component.name).flatMap(\.needs).filter { $0 != component.name }
        return unique(names).compactMap(neighbourhood.component)
    }

    private func applies(_ read: Read, _ component: ViewedComponent) -> Bool {
        ComponentKind(rawValue: component.kind).map(read.kinds.contains) ?? false
    }
}

/// A reference turned into questions.
struct BoundReference: Sendable {
    var read: Read
    var field: String?
    var queries: [ReadQuery]
}
