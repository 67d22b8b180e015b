/// The statements about sessions.
///
/// Times travel as text with microseconds, so that they compare exactly.
enum SessionSQL {
    private static let columns = """
        a.pid, a.usename, a.application_name, coalesce(a.state, '') AS state, a.backend_type,
        to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS backend_start,
        coalesce(r.rolsuper OR r.rolreplication OR pg_has_role(r.oid, 'pg_monitor', 'MEMBER'), true) AS is_privileged
        """

    /// Who blocks others, waits for nobody, and has had the transaction open for a while.
    ///
    /// $1 is that while in seconds.
    static let rootBlockers = """
        WITH waiting AS MATERIALIZED (
            SELECT pid, pg_blocking_pids(pid) AS blockers FROM pg_stat_activity
            WHERE wait_event_type = 'Lock' AND datname = current_database()
        ), roots AS (
            SELECT b AS pid, count(*)::int AS waiters FROM waiting, unnest(blockers) AS b
            WHERE b NOT IN (SELECT pid FROM waiting) GROUP BY b
        )
        SELECT \(columns), roots.waiters,
            to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS xact_start
        FROM roots JOIN pg_stat_activity a USING (pid) LEFT JOIN pg_roles r ON r.oid = a.usesysid
        WHERE a.xact_start < now() - make_interval(secs => $1::float8)
        ORDER BY a.pid
        """

    /// All sessions of the role $1 in this database.
    static let ofOwner = """
        SELECT \(columns), 0 AS waiters, NULL::text AS xact_start
        FROM pg_stat_activity a LEFT JOIN pg_roles r ON r.oid = a.usesysid
        WHERE a.usename = $1 AND a.datname = current_database() AND a.pid <> pg_backend_pid()
        ORDER BY a.pid
        """

    private static let matching = """
        WITH planned AS (
            SELECT * FROM jsonb_to_recordset($1::jsonb) AS p(pid int, backend_start timestamptz, xact_start timestamptz)
        ), live AS MATERIALIZED (
            SELECT a.pid FROM planned p JOIN pg_stat_activity a
            ON a.pid = p.pid AND a.backend_start = p.backend_start
            AND (p.xact_start IS NULL OR a.xact_start = p.xact_start)
        )
        """

    /// Ends all planned sessions ($1) if all $2 of them are still as planned, else none; one row per session ended.
    static let terminate = """
        \(matching)
        SELECT pid FROM live WHERE (SELECT count(*) FROM live) = $2::int AND pg_terminate_backend(pid)
        """

    /// How many of the planned sessions are still there, whatever they do now.
    static let alive = """
        SELECT count(*)::int AS n
        FROM jsonb_to_recordset($1::jsonb) AS p(pid int, backend_start timestamptz)
        JOIN pg_stat_activity a ON a.pid = p.pid AND a.backend_start = p.backend_start
        """

    static let blockedCount = """
        SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND cardinality(pg_blocking_pids(pid)) > 0
        """
}
