/// The closed list of reads.
///
/// What Observer cannot answer here it answers `unsupported`, with the reason.
public enum ReadVocabulary {
    /// Every read, grouped as people think of them.
    public static let all: [Read] = journeys + processes + pools + postgres + evidence + stores + surroundings

    private static let index = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The families of reads: the words before the dot.
    public static let families = Set(all.map { String($0.name.prefix { $0 != "." }) })

    /// The read of that name.
    public static func read(_ name: String) -> Read? { index[name] }

    /// Splits a dotted path into a read and the field behind it; nil when no read begins it.
    public static func split(_ path: [String]) -> (read: Read, field: String?)? {
        guard path.count >= 2, let read = index[path[0] + "." + path[1]] else { return nil }
        return (read, path.count > 2 ? path.dropFirst(2).joined(separator: ".") : nil)
    }

    private static let processKinds: Set<ComponentKind> = [.http, .worker, .batch, .postgres]
    private static let callable: Set<ComponentKind> = [.http, .postgres, .provider, .external, .directory]

    private static let journeys = [
        Read(
            "journey.good_ratio",
            [],
            unit: "ratio",
            fields: ["objective", "requests", "bad", "rate", "baseline_rate"],
            subject: .selector,
            "share of a journey's requests that were good"
        ),
        Read(
            "journey.p99",
            [],
            unit: "ms",
            fields: ["baseline", "ratio"],
            subject: .selector,
            "99th percentile of a journey's duration"
        ),
        Read(
            "journey.failures_by",
            [],
            unit: "count",
            fields: ["top", "top_share", "top_ratio", "bad"],
            subject: .selector,
            "a journey's failures by route, instance, customer or code"
        ),
    ]

    private static let processes = [
        Read(
            "probe.result",
            [.http, .worker, .batch, .postgres, .provider, .external],
            unit: nil,
            subject: .selector,
            "what a probe from a vantage point says: ok, refused, timeout, reset, unauthorised, bad-answer"
        ),
        Read(
            "probe.latency",
            [.http, .worker, .batch, .postgres, .provider, .external],
            unit: "ms",
            fields: ["peers_s", "baseline", "ratio"],
            subject: .selector,
            "how long the probe took; `peers_s` the longest in ten seconds from the instances beside the one it takes longest from"
        ),
        Read(
            "process.state",
            processKinds,
            unit: nil,
            fields: ["running", "absent", "stopped", "total"],
            "running, absent, stopped or zombie"
        ),
        Read("process.started", processKinds, unit: "s", "seconds since the youngest process started"),
        Read("process.restarts", processKinds, unit: "count", "starts in the last ten minutes"),
        Read("process.cpu", processKinds, unit: "ratio", "share of one core"),
        Read("process.runqueue_wait", processKinds, unit: "ratio", "share of time spent waiting for a core"),
        Read("process.rss", processKinds, unit: "bytes", fields: ["slope"], "resident memory"),
        Read(
            "process.memory_ratio",
            processKinds,
            unit: "ratio",
            fields: ["instance"],
            "resident memory against the limit; the fullest instance's"
        ),
        Read(
            "process.fds_ratio",
            processKinds,
            unit: "ratio",
            fields: ["instance"],
            "open descriptors against the limit; the fullest instance's"
        ),
        Read(
            "process.busy",
            processKinds,
            unit: "ratio",
            fields: ["busy", "max", "highest"],
            "workers that are busy; `highest` at one instance"
        ),
    ]

    private static let pools = [
        Read(
            "pool.in_use",
            [.http, .worker, .batch],
            unit: "count",
            fields: ["ratio"],
            "connections of a pool that are lent"
        ),
        Read(
            "pool.waiting",
            [.http, .worker, .batch],
            unit: "count",
            "callers that wait for a connection of the pool"
        ),
        Read("pool.max", [.http, .worker, .batch], unit: "count", "limit of the pool"),
        Read(
            "call.errors",
            callable,
            unit: "1/s",
            fields: ["ratio", "calls"],
            subject: .selector,
            "failed calls to a component, by caller and code"
        ),
        Read(
            "call.latency",
            callable,
            unit: "ms",
            fields: ["baseline", "ratio"],
            subject: .selector,
            "mean duration of calls to a component"
        ),
        Read("call.attempts", callable, unit: "ratio", subject: .selector, "attempts for each call to a component"),
    ]

    private static let postgres = [
        Read("pg.connections_ratio", [.postgres], unit: "ratio", "connections against max_connections"),
        Read("pg.sessions", [.postgres], unit: "count", subject: .selector, "sessions by owner and state"),
        Read(
            "pg.top_owner",
            [.postgres],
            unit: nil,
            fields: ["component", "role", "sessions", "share", "active", "idle", "kind", "pausable"],
            "who holds most sessions"
        ),
        Read(
            "pg.blockers",
            [.postgres],
            unit: "count",
            fields: ["waiting", "longest_wait"],
            "sessions that block others and are not blocked"
        ),
        Read(
            "pg.root_blocker",
            [.postgres],
            unit: nil,
            fields: [
                "pid", "owner", "kind", "state", "xact_age", "waiting", "relation", "backend_start", "application",
            ],
            "the session that blocks most others"
        ),
        Read(
            "pg.statement_vs_baseline",
            [.postgres],
            unit: "ratio",
            fields: ["ratio", "statement", "mean_ms"],
            "slowest statement against its own usual mean"
        ),
        Read(
            "pg.setting_drift",
            [.postgres],
            unit: "count",
            fields: ["names"],
            "settings that differ from what is declared"
        ),
        Read(
            "pg.schema_version",
            [.postgres],
            unit: nil,
            fields: ["head", "behind"],
            "schema version found in the database"
        ),
        Read(
            "pg.missing_objects",
            [.postgres],
            unit: "count",
            fields: ["table"],
            "tables, indexes and columns that are not there any more"
        ),
        Read(
            "pg.rows",
            [.postgres],
            unit: "count",
            fields: ["emptied", "table"],
            subject: .selector,
            "rows of a table"
        ),
    ]

    private static let evidence = [
        Read("log.new_templates", Set(ComponentKind.allCases), unit: "count", "log lines of a shape not seen before"),
        Read(
            "log.code",
            Set(ComponentKind.allCases),
            unit: "count",
            fields: ["top"],
            "SQLSTATE and errno codes in the logs"
        ),
        Read(
            "config.diff",
            processKinds.union([.provider]),
            unit: "count",
            fields: ["hash_differs"],
            "keys that differ from the last good configuration"
        ),
        Read(
            "change.recent",
            Set(ComponentKind.allCases),
            unit: "count",
            fields: ["newest_age", "kinds", "flag", "was"],
            "changes of configuration, flags, schema, starts and images"
        ),
        Read("past.incidents", [], unit: "count", "earlier incidents with the same first page"),
    ]

    private static let stores = [
        Read("cache.hit_ratio", [.directory], unit: "ratio", "look-ups that found an entry"),
        Read(
            "cache.bad",
            [.directory],
            unit: "1/s",
            fields: ["bad", "unreadable", "hit", "miss"],
            "look-ups that found a damaged entry"
        ),
        Read(
            "cache.kept",
            [.directory],
            unit: "count",
            fields: ["kept", "forgotten", "changes"],
            "changes of the last seconds after which the entry that shows what changed was kept"
        ),
        Read("queue.depth", [.worker], unit: "count", "jobs that wait"),
        Read("queue.oldest", [.worker], unit: "s", "age of the oldest job"),
        Read("queue.last_started", [.worker], unit: nil, fields: ["attempts", "age"], "the job taken last"),
        Read("queue.attempts", [.worker], unit: "count", "attempts of the job taken last"),
        Read(
            "queue.most_tried",
            [.worker],
            unit: nil,
            fields: ["attempts", "kind", "age"],
            "the job of the queue that was tried most often and is not done"
        ),
        Read("disk.used_ratio", [.directory], unit: "ratio", "share of the quota in use"),
        Read("disk.writable", [.directory], unit: nil, "whether a file can be written"),
        Read(
            "ledger.mismatch",
            [],
            unit: "count",
            fields: ["orders", "compared", "ratio"],
            "acknowledged orders of the last ten seconds that were charged otherwise than ordered"
        ),
    ]

    private static let surroundings = [
        Read(
            "dns.answer",
            callable,
            unit: nil,
            fields: ["caller", "provider", "name", "address", "declared", "differs"],
            subject: .selector,
            "where the name leads that the callers look up: declared, elsewhere, or none of their own"
        ),
        Read("tcp.retransmits", callable, unit: "ratio", subject: .selector, "segments sent again"),
        Read(
            "clock.offset",
            processKinds,
            unit: "s",
            fields: ["instance"],
            "difference to the observer's clock, either way; the furthest instance's"
        ),
    ]
}
