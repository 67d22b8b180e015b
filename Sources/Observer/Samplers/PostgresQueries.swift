/// What is asked of PostgreSQL: its own statistics, and of all tables only the declared queue, without what its jobs are about.
enum PostgresQueries {
    /// Sessions of the target's database, with the locks they wait for.
    static let activity = #"""
        SELECT a.pid, a.usename, a.application_name, coalesce(host(a.client_addr), 'local') AS client,
               coalesce(a.state, 'unknown') AS state, left(a.query, 300) AS query, a.wait_event_type,
               to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS backend_start,
               extract(epoch FROM clock_timestamp() - a.xact_start) AS xact_age,
               extract(epoch FROM clock_timestamp() - a.state_change) AS state_age,
               extract(epoch FROM clock_timestamp() - a.query_start) AS query_age,
               CASE WHEN a.wait_event_type = 'Lock' THEN array_to_string(pg_blocking_pids(a.pid), ',') END AS blocked_by,
               CASE WHEN a.wait_event_type = 'Lock' THEN
                    (SELECT extract(epoch FROM clock_timestamp() - min(l.waitstart))
                       FROM pg_locks l WHERE l.pid = a.pid AND NOT l.granted) END AS wait_age
          FROM pg_stat_activity a
         WHERE a.backend_type = 'client backend' AND a.datname = current_database() AND a.usename <> current_user
         ORDER BY a.pid
        """#

    /// Connections in use by anybody, and how many an ordinary role may have.
    static let connections = #"""
        SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
               current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS max
        """#

    /// Relations that some sessions have locked more strongly than a reader does.
    static let locks = #"""
        SELECT l.pid, c.relname AS relation, l.mode
          FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE l.granted AND l.locktype = 'relation' AND l.mode <> 'AccessShareLock' AND c.relkind IN ('r', 'p')
           AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND l.pid = ANY (string_to_array($1, ',')::int[])
         ORDER BY l.pid, l.mode, c.relname
        """#

    /// Settings of the server, and those of roles and databases as `name@role`.
    static let settings = #"""
        SELECT name, setting FROM pg_settings
         WHERE source NOT IN ('client', 'session') AND context <> 'internal'
        UNION ALL
        SELECT split_part(entry, '=', 1) || '@' || coalesce(r.rolname, '*') || '/' || coalesce(d.datname, '*'),
               substr(entry, strpos(entry, '=') + 1)
          FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS entry
          LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
        """#

    /// Tables, indexes and columns (as `table.column`) outside the system's own schemas.
    static let objects = #"""
        SELECT c.relname AS name, CASE WHEN c.relkind IN ('i', 'I') THEN 'index' ELSE 'table' END AS kind
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'i', 'I')
           AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp%'
           AND has_schema_privilege(n.oid, 'USAGE')
        UNION ALL
        SELECT c.relname || '.' || a.attname, 'column'
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
           AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp%'
           AND has_schema_privilege(n.oid, 'USAGE')
        """#

    /// Rows as counted since the last statistics, or by them: a database that was copied begins to count anew.
    static let rows = #"""
        SELECT c.relname AS name, greatest(s.n_live_tup, c.reltuples::bigint, 0) AS rows
          FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
         WHERE has_schema_privilege(c.relnamespace, 'USAGE')
        """#

    /// The declared queue: what waits, and the jobs that were tried.
    ///
    /// Jobs that were done beside a failing one are cut off with it and tried as often: of several, the one that has fewer like it.
    static func queue(table: String) -> String {
        let jobs = "\"\(table.replacing("\"", with: "\"\""))\""
        let age = "extract(epoch FROM clock_timestamp() - created_at)"
        return """
            SELECT q.depth, q.oldest, t.id AS tried_id, t.kind AS tried_kind, t.attempts AS tried_attempts, t.age AS tried_age,
                   l.id AS started_id, l.kind AS started_kind, l.attempts AS started_attempts, l.age AS started_age
              FROM (SELECT count(*) AS depth, coalesce(max(\(age)), 0) AS oldest FROM \(jobs) WHERE state = 'queued') q
              LEFT JOIN (SELECT id, kind, attempts, \(age) AS age, count(*) OVER (PARTITION BY kind) AS alike FROM \(jobs)
                          ORDER BY attempts DESC, alike, id LIMIT 1) t ON t.attempts > 0
              LEFT JOIN (SELECT id, kind, attempts, extract(epoch FROM clock_timestamp() - started_at) AS age FROM \(jobs)
                          WHERE started_at IS NOT NULL ORDER BY started_at DESC LIMIT 1) l ON true
            """
    }

    /// Whether statements are recorded, and in which schema.
    static let statementsSchema = #"""
        SELECT n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
         WHERE e.extname = 'pg_stat_statements'
        """#

    /// Cumulative counters of the statements of this database.
    static func statements(schema: String) -> String {
        #"""
        SELECT queryid::text AS id, left(query, 200) AS query, sum(calls)::float8 AS calls,
               sum(total_exec_time)::float8 AS total_ms
          FROM "\#(schema.replacing("\"", with: "\"\""))".pg_stat_statements s
         WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND queryid IS NOT NULL
           AND userid <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
         GROUP BY 1, 2 ORDER BY 4 DESC LIMIT 200
        """#
    }
}
