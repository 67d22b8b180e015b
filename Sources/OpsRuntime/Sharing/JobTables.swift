/// A queue of the target as the topology declares it: faults add to it, repairs put single jobs aside.
///
/// Both tables have the columns `id`, `kind`, `payload`, `attempts` and `created_at`; the queue also has `state` and `started_at`,
/// and makes its own ids; where jobs are put aside there is a `reason`.
package struct JobTables: Codable, Hashable, Sendable {
    /// Where jobs wait and run.
    package let queue: String
    /// Where they lie when they have been put aside.
    package let quarantine: String

    /// Takes the names as the topology has them.
    package init(queue: String, quarantine: String) {
        self.queue = queue
        self.quarantine = quarantine
    }

    private var jobs: String { Self.quoted(queue) }
    private var aside: String { Self.quoted(quarantine) }

    /// The columns that are missing, one row each.
    package var missingColumns: String {
        """
        SELECT w.relation || '.' || w.name AS missing FROM (
            SELECT 'queue' AS relation, to_regclass($1) AS oid, unnest(ARRAY['id', 'kind', 'payload', 'attempts', 'created_at', 'state']) AS name
            UNION ALL SELECT 'quarantine', to_regclass($2), unnest(ARRAY['id', 'kind', 'payload', 'attempts', 'created_at', 'reason'])
        ) w WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = w.oid AND a.attname = w.name AND NOT a.attisdropped)
        """
    }

    /// The two names as `missingColumns` takes them.
    package var names: [String] { [jobs, aside] }

    /// An id that the queue gives to nobody else, or none where it makes no ids.
    package var nextID: String { "SELECT nextval(pg_get_serial_sequence($1, 'id')) AS id" }

    /// Adds the job $1 of the kind $2 with the payload $3.
    package var add: String {
        "INSERT INTO \(jobs) (id, kind, payload) OVERRIDING SYSTEM VALUE VALUES ($1::bigint, $2, $3)"
    }

    /// The job $1; its row is held until the transaction ends.
    package var lockOne: String {
        "SELECT kind, payload, attempts, \(Self.moment) FROM \(jobs) WHERE id = $1::bigint FOR UPDATE"
    }

    /// The job $1 as it is.
    package var readOne: String { "SELECT kind, payload, attempts, \(Self.moment) FROM \(jobs) WHERE id = $1::bigint" }

    /// The job $1 where it was put aside.
    package var readAside: String { "SELECT kind, payload, \(Self.moment) FROM \(aside) WHERE id = $1::bigint" }

    /// Takes the job $1 away for good.
    package var remove: String { "DELETE FROM \(jobs) WHERE id = $1::bigint" }

    /// Puts the job $1 aside if it still is of the kind $2, with the payload $3, and was made at $4; $5 says why.
    package var putAside: String {
        """
        WITH moved AS (
            DELETE FROM \(jobs) WHERE id = $1::bigint AND kind = $2 AND payload = $3 AND created_at = $4::timestamptz
            RETURNING id, kind, payload, attempts, created_at
        )
        INSERT INTO \(aside) (id, kind, payload, attempts, reason, created_at)
        SELECT id, kind, payload, attempts, $5::text, created_at FROM moved RETURNING id
        """
    }

    /// The way back: the job waits again.
    package var takeBack: String {
        """
        WITH moved AS (
            DELETE FROM \(aside) WHERE id = $1::bigint AND kind = $2 AND payload = $3 AND created_at = $4::timestamptz
            RETURNING id, kind, payload, attempts, created_at
        )
        INSERT INTO \(jobs) (id, kind, payload, attempts, created_at) OVERRIDING SYSTEM VALUE
        SELECT id, kind, payload, attempts, created_at FROM moved RETURNING id
        """
    }

    /// In a form that compares exactly.
    private static let moment =
        "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS created_at"

    private static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
}
