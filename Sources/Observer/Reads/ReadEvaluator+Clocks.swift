internal import OpsModel

extension ReadEvaluator {
    /// How far the clocks of these processes are from ours, either way; of several the one that is furthest off.
    func clock(_ query: ReadQuery) -> ReadAnswer {
        let scope = ReadScope(query, map: map)
        let instances = scope.components.flatMap { component in component.instances.map { (component, $0) } }
            .filter { scope.instance == nil || $0.1.name == scope.instance }
        guard instances.contains(where: { $0.1.url != nil }) else {
            return unsupported(query, "nothing of it answers over HTTP, which is where the time is read")
        }
        let known = instances.compactMap { component, instance in
            world.clocks[instance.name].map { (component, instance, $0) }
        }
        let fresh = known.filter { isFresh($0.2.at) }
        guard let furthest = fresh.max(by: { abs($0.2.value) < abs($1.2.value) }) else {
            return unknown(query, "no answer with a date came lately", at: known.map(\.2.at).max())
        }
        let rows = fresh.map { component, instance, offset -> JSONValue in
            [
                "component": .string(component.name), "instance": .string(instance.name),
                "value": json(abs(offset.value)), "ahead": json(offset.value),
            ]
        }
        return ok(
            query,
            json(abs(furthest.2.value)),
            unit: "s",
            at: fresh.map(\.2.at).min() ?? now,
            isStarved: fresh.contains(where: \.2.isStarved),
            fields: ["instance": .string(furthest.1.name), "ahead": json(furthest.2.value)],
            rows: rows
        )
    }
}
