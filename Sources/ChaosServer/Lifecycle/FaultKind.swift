import OpsModel

/// The closed list of faults.
enum FaultKind: String, Codable, CaseIterable, Hashable, Sendable {
    case databaseLock = "db-lock"
    case databaseCredential = "db-credential"
    case databaseCrash = "db-crash"
    case databaseConnections = "db-connections"
    case databaseConfiguration = "db-config"
    case schemaDrift = "schema-drift"
    case poisonJob = "poison-job"
    case diskFill = "disk-fill"
    case configurationValue = "config-value"
    case lostRows = "db-rows"
    case instanceCrash = "api-crash"
    case instancePause = "api-pause"
    case cacheCorruption = "cache-corrupt"
    case upstreamOutage = "upstream-down"
    case networkBlock = "net-block"
    case networkLoss = "net-loss"
    case poolLeak = "db-pool"
    case workersStuck = "api-stuck"
    case instanceDelay = "api-slow"
    case memoryLeak = "memory-leak"
    case upstreamDelay = "upstream-slow"
    case flagDefect = "flag-defect"
    case upstreamCredential = "upstream-credential"
}
