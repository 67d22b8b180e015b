/// The closed vocabulary of questions.
enum ReadName: String, CaseIterable, Sendable {
    case journeyGoodRatio = "journey.good_ratio"
    case journeyP99 = "journey.p99"
    case journeyFailuresBy = "journey.failures_by"
    case probeResult = "probe.result"
    case probeLatency = "probe.latency"
    case processState = "process.state"
    case processStarted = "process.started"
    case processRestarts = "process.restarts"
    case processCPU = "process.cpu"
    case processRunqueueWait = "process.runqueue_wait"
    case processRSS = "process.rss"
    case processMemoryRatio = "process.memory_ratio"
    case processFDsRatio = "process.fds_ratio"
    case processBusy = "process.busy"
    case poolInUse = "pool.in_use"
    case poolWaiting = "pool.waiting"
    case poolMax = "pool.max"
    case callErrors = "call.errors"
    case callLatency = "call.latency"
    case callAttempts = "call.attempts"
    case pgConnectionsRatio = "pg.connections_ratio"
    case pgSessions = "pg.sessions"
    case pgTopOwner = "pg.top_owner"
    case pgBlockers = "pg.blockers"
    case pgRootBlocker = "pg.root_blocker"
    case pgStatementVsBaseline = "pg.statement_vs_baseline"
    case pgSettingDrift = "pg.setting_drift"
    case pgSchemaVersion = "pg.schema_version"
    case pgMissingObjects = "pg.missing_objects"
    case pgRows = "pg.rows"
    case logNewTemplates = "log.new_templates"
    case logCode = "log.code"
    case cacheHitRatio = "cache.hit_ratio"
    case cacheBad = "cache.bad"
    case cacheKept = "cache.kept"
    case queueDepth = "queue.depth"
    case queueOldest = "queue.oldest"
    case queueLastStarted = "queue.last_started"
    case queueAttempts = "queue.attempts"
    case queueMostTried = "queue.most_tried"
    case diskUsedRatio = "disk.used_ratio"
    case diskWritable = "disk.writable"
    case dnsAnswer = "dns.answer"
    case tcpRetransmits = "tcp.retransmits"
    case clockOffset = "clock.offset"
    case ledgerMismatch = "ledger.mismatch"
    case configDiff = "config.diff"
    case changeRecent = "change.recent"
    case pastIncidents = "past.incidents"

    /// The word before the dot.
    var family: String { String(rawValue.prefix { $0 != "." }) }

    /// Why a read of the vocabulary is not answered here, if it is not.
    var unsupportedReason: String? {
        switch self {
        case .diskWritable:
            "Observer's user cannot tell whether another user may write; read log.code for EACCES and EROFS"
        case .tcpRetransmits:
            "the kernel's socket statistics are not collected here; compare probe.latency from both sides"
        case .pastIncidents: "incidents are kept by the gate, not by Observer"
        default: nil
        }
    }
}
