/// The statements about settings that a database gives to its new sessions: faults change them, repairs take them back.
///
/// Reading, comparing and changing them is one transaction under ``lock``. Sessions that are open keep what they were given, so
/// a change is whole only when those that began before it are gone.
package enum DatabaseSettingSQL {
    /// Settings without which a session could change no setting of its database, whatever that says.
    package static let sessionOptions = [
        "default_transaction_read_only": "off", "idle_in_transaction_session_timeout": "0",
    ]

    /// Keeps other writers of settings out until the transaction ends; logins read on.
    package static let lock = "LOCK TABLE pg_catalog.pg_db_role_setting IN SHARE ROW EXCLUSIVE MODE"

    /// The settings of the current database among the names $1, as `name` and `value`.
    package static let read = """
        SELECT split_part(entry, '=', 1) AS name, substr(entry, strpos(entry, '=') + 1) AS value
        FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase CROSS JOIN unnest(s.setconfig) AS entry
        WHERE s.setrole = 0 AND d.datname = current_database() AND split_part(entry, '=', 1) = ANY ($1) ORDER BY 1
        """

    /// The text of the statement that gives the setting $1 the value $2, or none where that is null.
    package static let statement = """
        SELECT CASE WHEN $2::text IS NULL THEN format('ALTER DATABASE %I RESET %I', current_database(), $1::text)
                    ELSE format('ALTER DATABASE %I SET %I TO %L', current_database(), $1::text, $2::text) END AS statement
        """

    /// The server's time, in a form that compares exactly.
    package static let now =
        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS moment"

    private static let ordinary = """
        pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
        WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
          AND NOT r.rolsuper AND NOT r.rolreplication AND NOT pg_has_role(r.oid, 'pg_monitor', 'MEMBER')
          AND a.backend_start < $1::timestamptz
        """

    /// Ends the sessions that began before $1, but those of whoever administers or observes; one row for each.
    package static let endOlder = "SELECT a.pid, pg_terminate_backend(a.pid) FROM \(ordinary)"

    /// How many of these there are, as `n`.
    package static let countOlder = "SELECT count(*)::int AS n FROM \(ordinary)"
}
