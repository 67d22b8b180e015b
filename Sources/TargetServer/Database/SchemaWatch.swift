import OpsPostgres
import OpsService
import Synchronization

/// Knows which step the database is at, so that `/ready` and the metrics can say when it is behind the program.
final class SchemaWatch: Service {
    private let version = Mutex<Int?>(nil)
    private let database: ShopDatabase

    init(_ database: ShopDatabase, metrics: MetricsRegistry) {
        self.database = database
        metrics.gauge("shop_schema_version", "Newest step applied to the database with all before it.") { [self] in
            version.withLock { $0 }.map { [([], Double($0))] } ?? []
        }
        metrics.gauge("shop_schema_head", "Newest step this program knows.") { [([], Double(Schema.head))] }
    }

    var found: Int? { version.withLock { $0 } }

    func run() async throws {
        while !Task.isCancelled {
            await look()
            try await Task.sleep(for: .seconds(2))
        }
    }

    func look() async {
        // Nothing to say while the database is away: the calls that fail for it are counted elsewhere.
        // A step that is missing in the middle leaves the database where it was before that one.
        let steps = "SELECT number, row_number() OVER (ORDER BY number) AS place FROM public.schema_migrations"
        let reached = "SELECT max(number) AS head FROM (\(steps)) AS steps WHERE number = place"
        guard let rows = try? await database.pool.query(reached), let row = rows.first else { return }
        version.withLock { $0 = row.optionalInt("head") ?? 0 }
    }
}
