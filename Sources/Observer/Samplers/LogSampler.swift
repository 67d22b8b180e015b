internal import OpsModel

/// Follows the logs of the declared instances and mines them.
actor LogSampler {
    /// One file with whose it is.
    private struct Source {
        var component: String
        var instance: String
        var tail: LogTail
    }

    private let store: WorldStore
    private let codeFields: [String]
    private let keep: @Sendable ([TelemetryLine]) -> Void
    private var sources: [Source]

    /// `keep` gets the notable lines, for those who look back later.
    init(
        map: TargetMap,
        codeFields: [String],
        store: WorldStore,
        keep: @escaping @Sendable ([TelemetryLine]) -> Void = { _ in }
    ) {
        self.store = store
        self.keep = keep
        self.codeFields = codeFields.isEmpty ? LogRecord.codeFields : codeFields
        sources = map.components.flatMap { component in
            component.instances.compactMap { instance in
                instance.log.map { Source(component: component.name, instance: instance.name, tail: LogTail(path: $0)) }
            }
        }
    }

    func sample(_ tick: Tick) {
        var skipped = 0
        var records: [(component: String, instance: String, record: LogRecord)] = []
        for index in sources.indices {
            let reading = sources[index].tail.read()
            skipped += reading.skipped
            for line in reading.lines {
                let record = LogRecord(line: line, codeFields: codeFields)
                if record.isNotable { records.append((sources[index].component, sources[index].instance, record)) }
            }
        }
        let lines = store.update { world in
            let lines = records.compactMap { component, instance, record -> TelemetryLine? in
                world.logs.observe(record, component: component, instance: instance, at: tick.at).map { template in
                    TelemetryLine(
                        at: record.at ?? tick.at,
                        component: component,
                        instance: instance,
                        template: template,
                        record: record
                    )
                }
            }
            world.logs.settle(now: tick.at, lastTrouble: world.lastTrouble, isStarved: tick.isStarved, skipped: skipped)
            return lines
        }
        if !lines.isEmpty { keep(lines) }
    }
}
