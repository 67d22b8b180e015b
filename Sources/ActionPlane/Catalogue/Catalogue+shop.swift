/// Which actions there are, for a given target: the whole list, in one place.
extension Catalogue {
    /// The actions that make sense for the target; one that has nothing to act on is left out.
    static func make(
        for target: Target,
        processes: ProcessSteps,
        clusters: ClusterMemory,
        secrets: StagedSecrets,
        snapshots: SnapshotKeeper? = nil,
        rotation: (any Rotation)? = nil,
        floodgate: (any Floodgate)? = nil
    ) -> Catalogue {
        var actions: [any RemediationAction] = []
        if !target.processes.isEmpty {
            actions += [RestartService(target, steps: processes), ResumeProcess(target, steps: processes)]
        }
        if target.processes.contains(where: { $0.name == "api" }) {
            actions.append(RestartService(target, steps: processes, name: "restart-api", only: "api"))
        }
        if target.processes.contains(where: \.isPausable) { actions.append(PauseComponent(target, steps: processes)) }
        if let rotation, let drain = DrainInstance(target, rotation, control: processes.control) {
            actions.append(drain)
        }
        if let floodgate, let shed = ShedLoad(target, floodgate, control: processes.control) { actions.append(shed) }
        if !target.caches.isEmpty { actions.append(ClearCache(target: target)) }
        if !target.volumes.isEmpty { actions.append(FreeDisk(volumes: target.volumes)) }
        if !target.providers.isEmpty { actions.append(SwitchToFallback(target, processes: processes)) }
        let rotation = RotateCredential(target, processes: processes, secrets: secrets)
        if rotation.isPossible { actions.append(rotation) }
        let rollback = RollbackConfiguration(target, processes: processes)
        if rollback.isPossible { actions.append(rollback) }
        let setting = SetConfiguration(target, processes: processes)
        if setting.isPossible { actions.append(setting) }
        if let database = target.database {
            actions.append(TerminateSessions(database))
            if let table = database.flags { actions.append(SetFlag(database, table: table)) }
            if let migrations = database.migrations { actions.append(RunMigrations(database, migrations)) }
            if let queue = target.queue { actions.append(QuarantineJob(queue, database)) }
            if let snapshots { actions.append(RestoreDatabase(database, snapshots)) }
            actions.append(RestartDatabase(database, control: processes.control, clusters: clusters))
            if target.configurations.contains(where: { !$0.passwords.isEmpty }) {
                actions.append(RegenerateEnvironment(target, database, processes: processes, secrets: secrets))
            }
        }
        return Catalogue(actions)
    }
}
