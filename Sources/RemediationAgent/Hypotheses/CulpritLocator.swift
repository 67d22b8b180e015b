internal import OpsModel
internal import OpsSpec

/// Finds which component, and which of its instances, a hypothesis is really about.
///
/// A runbook about a database may find that a caller leaks connections; then the caller is where the cause lies, and the
/// repair says so by naming the role. Which instance is read from the rows: those whose own numbers meet the conditions.
struct CulpritLocator {
    let resolver: BoundResolver
    let hypothesis: Runbook.Hypothesis

    /// The component and its suspicious instances.
    var place: (component: String, instances: [String]) {
        let component = self.component
        return (component, instances(of: component))
    }

    private var component: String {
        let own = resolver.binding.component.name
        for case .action(let action) in hypothesis.repair {
            guard let value = action.with["component"] else { return own }
            if ["caller", "callers"].contains(value.stringValue) { return worstCaller ?? own }
            if let reference = Assessor.reference(value), case .word(let name) = resolver.value(of: reference) {
                return name
            }
            return own
        }
        return own
    }

    /// The caller whose own answer to a supporting condition is largest.
    private var worstCaller: String? {
        for condition in hypothesis.supporting {
            let answers = resolver.answers(for: condition.left).filter { query, _ in
                query.component != nil && query.component != resolver.binding.component.name
            }
            let ranked = answers.compactMap { query, answer in
                answer.value.doubleValue.map { (name: query.component ?? "", value: $0) }
            }
            if let worst = ranked.max(by: { $0.value < $1.value }), worst.value > 0 { return worst.name }
        }
        return resolver.binding.neighbourhood.callers(of: resolver.binding.component.name).first?.name
    }

    private func instances(of component: String) -> [String] {
        let known = resolver.binding.neighbourhood.component(component)?.instances ?? []
        guard known.count > 1 else { return known }
        var suspects = known
        var isNarrowed = false
        for condition in hypothesis.supporting {
            guard let matching = matching(condition, known) else { continue }
            let both = suspects.filter(matching.contains)
            guard !both.isEmpty else { continue }
            suspects = both
            isNarrowed = true
        }
        return isNarrowed ? suspects : []
    }

    /// The instances whose own row meets the condition; nil when the answer says nothing about instances.
    private func matching(_ condition: Condition, _ known: [String]) -> Set<String>? {
        let field = resolver.binding.bind(condition.left)?.field
        let rows = resolver.answers(for: condition.left).flatMap(\.1.rows)
        if let top = topInstance(condition, known) { return [top] }
        let mine = rows.filter { instance(in: $0, known) != nil }
        guard !mine.isEmpty else { return nil }
        let unit = resolver.answers(for: condition.left).first?.1.unit
        let names = mine.filter { row in
            guard let value = row[field ?? "value"] ?? row["value"] else { return false }
            let fixed = FixedResolver(
                value: BoundResolver.value(value, unit: field == nil ? unit : nil),
                others: resolver,
                left: condition.left
            )
            return condition.evaluate(with: fixed) == .yes
        }.compactMap { instance(in: $0, known) }
        return Set(names)
    }

    /// The instance that a row is about: itself, or what it saw of somebody else.
    private func instance(in row: JSONValue, _ known: [String]) -> String? {
        [row["instance"], row["from"]].compactMap { $0?.stringValue }.first(where: known.contains)
    }

    /// Failures counted by instance name the instance as the key of the largest group.
    private func topInstance(_ condition: Condition, _ known: [String]) -> String? {
        guard let (query, answer) = resolver.answers(for: condition.left).first, query.read == "journey.failures_by",
            query.selector.last == "instance", let top = answer.fields["top"]?.stringValue, known.contains(top)
        else { return nil }
        return top
    }
}

/// Gives one row's value for the left side, and everything else as it is.
private struct FixedResolver: ConditionResolver {
    let value: ConditionValue
    let others: BoundResolver
    let left: Reference

    func value(of reference: Reference) -> ConditionValue { reference == left ? value : others.value(of: reference) }
}
