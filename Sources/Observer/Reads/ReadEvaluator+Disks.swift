internal import OpsModel

extension ReadEvaluator {
    func disk(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        let scope = ReadScope(query, map: map)
        let used = scope.components.compactMap { component in world.directories[component.name].map { (component, $0) }
        }
        guard let fullest = used.max(by: { ratio($0.1.value) < ratio($1.1.value) }) else {
            return unsupported(query, "no directory of the topology is meant, or Observer's user cannot look into it")
        }
        return ok(
            query,
            json(ratio(fullest.1.value)),
            unit: "ratio",
            at: fullest.1.at,
            isStarved: fullest.1.isStarved,
            fields: [
                "component": .string(fullest.0.name), "used_bytes": .int(Int(fullest.1.value.usedBytes)),
                "limit_bytes": .int(Int(fullest.1.value.limitBytes)),
            ],
            rows: used.map { ["component": .string($0.0.name), "ratio": json(ratio($0.1.value))] }
        )
    }

    private func ratio(_ use: DirectoryUse) -> Double {
        use.limitBytes == 0 ? 0 : Double(use.usedBytes) / Double(use.limitBytes)
    }
}
