internal import OpsModel
internal import OpsRuntime
internal import OpsService
internal import OpsSystem

/// Asks the engine about the containers of the declared processes, by their exact names.
///
/// What only `/proc` knows, such as open files, is not there: nothing of another container's processes is visible from here.
actor ContainerSampler {
    private let engine: EngineClient
    private let instances: [(component: MappedComponent, instance: MappedInstance)]
    private let store: WorldStore
    private let metrics: ObserverMetrics

    init(engine: EngineClient, map: TargetMap, store: WorldStore, metrics: ObserverMetrics) {
        self.engine = engine
        self.store = store
        self.metrics = metrics
        instances = map.components.flatMap { component in component.instances.map { (component, $0) } }
    }

    func sample(_ tick: Tick) async {
        await withTaskGroup(of: (Int, ProcessFact?).self) { group in
            for index in instances.indices {
                group.addTask { [engine, instances] in
                    (index, await Self.fact(instances[index].instance.program, engine))
                }
            }
            for await (index, fact) in group {
                guard let fact else {
                    metrics.failures.add(1, ["processes"])
                    continue
                }
                store.keep(fact, of: instances[index].component, instances[index].instance, tick)
            }
        }
    }

    /// Nothing where nobody could be asked.
    private static func fact(_ program: String, _ engine: EngineClient) async -> ProcessFact? {
        do {
            let state = try await engine.state(of: program)
            guard state.isUp else { return ProcessFact(state: "absent") }
            let usage = try await engine.usage(of: program)
            return ProcessFact(
                state: state.isPaused ? "stopped" : "running",
                pid: state.pid,
                startedAt: state.identity.map { Timestamp(microseconds: Int64(clamping: $0.startTicks)) },
                cpuSeconds: usage.cpuSeconds,
                rssBytes: usage.memoryBytes,
                threads: usage.threads
            )
        } catch {
            return error.code == .unknownProgram ? ProcessFact(state: "absent") : nil
        }
    }
}
