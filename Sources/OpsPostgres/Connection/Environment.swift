import Glibc

/// Keeps libpq from reading what happens to be in our environment.
///
/// Most variables are overruled by explicit parameters; these few cannot be, so they are removed once, before the first
/// connection.
enum Environment {
    private static let variables = [
        "PGSERVICE", "PGSERVICEFILE", "PGSYSCONFDIR", "PGHOST", "PGHOSTADDR", "PGPASSWORD", "PGSSLMODE", "PGSSLCERT",
        "PGSSLKEY", "PGSSLROOTCERT", "PGSSLCRL", "PGSSLCRLDIR", "PGREQUIREPEER", "PGREQUIRESSL", "PGCHANNELBINDING",
        "PGTARGETSESSIONATTRS", "PGDATESTYLE", "PGTZ", "PGGEQO", "PGKRBSRVNAME", "PGLOCALEDIR",
    ]
    private static let cleared: Void = {
        for name in variables where getenv(name) != nil { unsetenv(name) }
    }()

    static func clear() { cleared }
}
