internal import OpsModel
internal import OpsRuntime
internal import OpsService
internal import OpsSystem

/// Looks at the declared processes in `/proc`, and asks their supervisor who they are.
///
/// Only programs of the bindings are asked for, one by one: a list of everything would show what is not declared.
actor ProcessSampler {
    /// One process to look at.
    private struct Watched {
        var component: MappedComponent
        var instance: MappedInstance
        var pid: Int32?
        var startTicks: UInt64?
    }

    private let supervisor: SupervisorClient
    private let store: WorldStore
    private let metrics: ObserverMetrics
    private let bootTime: Timestamp
    private var watched: [Watched]
    private var supervisorAnswered = false

    /// Beats after which the supervisor is asked again although the process lives.
    private static let patience = 8

    init(supervisor: SupervisorClient, map: TargetMap, store: WorldStore, metrics: ObserverMetrics) {
        self.supervisor = supervisor
        self.store = store
        self.metrics = metrics
        bootTime = BootTime.read()
        watched = map.components.flatMap { component in
            component.instances.map { Watched(component: component, instance: $0) }
        }
    }

    func sample(_ tick: Tick) async {
        for index in watched.indices {
            var sample = look(index)
            if sample == nil || (tick.number + index) % Self.patience == 0 {
                await ask(index)
                sample = look(index)
            }
            guard let fact = fact(sample, index) else { continue }
            store.keep(fact, of: watched[index].component, watched[index].instance, tick)
        }
    }

    /// A number whose process began at another time is another process.
    private func look(_ index: Int) -> ProcessSample? {
        guard let pid = watched[index].pid, let sample = ProcessSample.read(pid: pid) else { return nil }
        if let known = watched[index].startTicks, known != sample.startTicks { return nil }
        watched[index].startTicks = sample.startTicks
        return sample
    }

    private func ask(_ index: Int) async {
        do {
            let pid = try await supervisor.state(of: watched[index].instance.program).pid
            supervisorAnswered = true
            if watched[index].pid != pid || pid == nil {
                watched[index].pid = pid
                watched[index].startTicks = nil
            } else if look(index) == nil {
                watched[index].startTicks = nil
            }
        } catch {
            supervisorAnswered = error.code == .unknownProgram
            metrics.failures.add(1, ["processes"])
        }
    }

    /// Without a process: absent, if the supervisor says so; nothing, if nobody could be asked.
    private func fact(_ sample: ProcessSample?, _ index: Int) -> ProcessFact? {
        guard let sample, let pid = watched[index].pid else {
            return supervisorAnswered ? ProcessFact(state: "absent") : nil
        }
        let ticks = Double(ProcessSample.ticksPerSecond)
        return ProcessFact(
            state: ProcessWord.of(sample.state),
            pid: pid,
            startedAt: bootTime + Double(sample.startTicks) / ticks,
            cpuSeconds: Double(sample.cpuTicks) / ticks,
            runQueueWaitSeconds: Double(sample.runQueueWaitNanoseconds) / 1e9,
            rssBytes: sample.rssBytes,
            threads: sample.threads,
            fds: sample.fdCount
        )
    }
}
