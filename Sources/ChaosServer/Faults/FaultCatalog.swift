import OpsModel

/// The closed list of faults with their implementations.
enum FaultCatalog {
    /// What can be broken, in the order of the list.
    static let descriptions = FaultKind.allCases.map { FaultCatalog.description(of: $0) }

    /// What is behind a name when names are exchanged by a seed.
    static func kind(called name: FaultKind, aliasSeed: Int?) -> FaultKind {
        let aliases = FaultAliases(FaultKind.allCases.map(\.rawValue), seed: aliasSeed ?? 0)
        return FaultKind(rawValue: aliases.fault(called: name.rawValue)) ?? name
    }

    static func type(of kind: FaultKind) -> any Fault.Type {
        switch kind {
        case .databaseLock: DatabaseLock.self
        case .databaseCredential: DatabaseCredential.self
        case .databaseCrash: DatabaseCrash.self
        case .databaseConnections: DatabaseConnections.self
        case .databaseConfiguration: DatabaseConfiguration.self
        case .schemaDrift: SchemaDrift.self
        case .missingIndex: MissingIndex.self
        case .poisonJob: PoisonJob.self
        case .diskFill: DiskFill.self
        case .configurationValue: ConfigurationValue.self
        case .lostRows: LostRows.self
        case .instanceCrash: InstanceCrash.self
        case .instancePause: InstancePause.self
        case .cacheCorruption: CacheCorruption.self
        case .staleCache: StaleCache.self
        case .cacheStampede: CacheStampede.self
        case .upstreamOutage: UpstreamOutage.self
        case .networkBlock: NetworkBlock.self
        case .networkLoss: NetworkLoss.self
        case .networkDelay: NetworkDelay.self
        case .networkNarrowing: NetworkNarrowing.self
        case .networkReset: NetworkReset.self
        case .poolLeak: PoolLeak.self
        case .workersStuck: WorkersStuck.self
        case .instanceDelay: InstanceDelay.self
        case .memoryLeak: MemoryLeak.self
        case .descriptorLeak: DescriptorLeak.self
        case .clockJump: ClockJump.self
        case .upstreamDelay: UpstreamDelay.self
        case .upstreamWrong: UpstreamWrongAmounts.self
        case .flagDefect: FlagDefect.self
        case .upstreamCredential: UpstreamCredential.self
        case .wrongName: WrongName.self
        }
    }

    static func description(of kind: FaultKind) -> FaultDescription { self.type(of: kind).description }
}
