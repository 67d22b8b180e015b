import OpsModel
import OpsSystem

extension Lab {
    /// Migrates one database; given by whoever knows how.
    public typealias Migration = @Sendable (Lab, InstanceRecord) async throws -> Void

    /// Brings the lab up, from whatever state it is in; running it again does no harm.
    ///
    /// When it fails or the task is cancelled, what this call started is stopped again.
    ///
    /// - Returns: what the lab remembers about itself, and whether a supervisor of it answered before.
    public func start(
        _ options: LabOptions,
        migrate: Migration,
        progress: @escaping Progress
    ) async throws(RuntimeError) -> (record: InstanceRecord, wasUp: Bool) {
        let lock = try self.lock()
        defer { self.unlock(lock) }
        let preparation = LabPreparation(lab: self, options: options, progress: progress)
        let (accounts, host) = try preparation.check()
        let wasUp = await self.isUp()
        try await preparation.checkEngine(isUp: wasUp)
        if !wasUp { try await self.sweep(progress) }
        let plan = try preparation.plan()
        var record = if let known = self.record, wasUp { known } else { try preparation.record(accounts) }
        let application = try preparation.publishing(plan, isUp: wasUp)
        record.application = application?.application
        let blueprint = LabBlueprint(
            layout: self.layout,
            record: record,
            accounts: accounts,
            host: host,
            autonomy: options.autonomy,
            startedBy: options.startedBy,
            makers: options.makers,
            plan: application
        )
        try preparation.checkTopology(blueprint.bindings)
        let lab = self.remembering(record)
        do {
            let clusters = try await preparation.write(blueprint)
            switch record.runtime {
            case .local: try await lab.startSupervisors(blueprint, wasUp: wasUp, progress)
            case .compose: try await lab.makeContainers(blueprint, progress)
            }
            try await lab.startPrograms(clusters, options, record, migrate, progress)
            return (record, wasUp)
        } catch {
            // In a task of its own: a cancelled one cannot wait for anybody, and would kill what could end in order.
            if !wasUp { _ = await Task.detached { await lab.stopProcesses(progress) }.value }
            throw error
        }
    }

    private func startSupervisors(
        _ blueprint: LabBlueprint,
        wasUp: Bool,
        _ progress: Progress
    ) async throws(RuntimeError) {
        for half in InstanceLayout.Half.allCases {
            let process = self.process(half)
            let text = blueprint.supervisorConfiguration(half).text
            let isChanged = try? FileSystem.text(process.configuration) != text  // a first start has none
            if wasUp, isChanged != false, await process.client.answers() {
                progress("the \(half.rawValue) half was started by another version, restarting it")
                await process.stop()
            }
            try translating { try FileSystem.writeAtomically(text, to: process.configuration, mode: 0o644) }
            try await process.start(blueprint.host.supervisord)
        }
    }

    private func startPrograms(
        _ clusters: LabClusters,
        _ options: LabOptions,
        _ record: InstanceRecord,
        _ migrate: Migration,
        _ progress: @escaping Progress
    ) async throws(RuntimeError) {
        let starter = ProgramStart(lab: self, progress: progress)
        try await starter.start(clusters.target, .target)
        try await starter.start(clusters.agentOps, .lab)
        do {
            try await migrate(self, record)
        } catch let error as RuntimeError {
            throw error
        } catch {
            throw RuntimeError(.componentFailed, "the database could not be migrated: \(error)")
        }
        let plan = StartPlan(
            ports: record.ports,
            without: options.without,
            runtime: record.runtime,
            application: record.application,
            linked: record.isProxied ? [] : record.linked,
            isProxied: record.isProxied
        )
        for tier in plan.tiers { try await starter.start(tier) }
    }
}
