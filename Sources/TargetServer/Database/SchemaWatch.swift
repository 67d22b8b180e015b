import OpsPostgres
import OpsService
import Synchronization

/// Knows which step the database is at, so that `/ready` and the metrics can say when it is behind the program.
final class SchemaWatch: Service {
    private let version = Mutex<Int?>(nil)
    private let database: ShopDatabase

    init(_ database: ShopDatabase, metrics: MetricsRegistry) {
        self.database = database
        metrics.gauge("shop_schema_version", "Newest step applied to the database.") { [self] in
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
        guard let rows = try? await database.pool.query("SELECT max(number) AS head FROM public.schema_migrations"),
            let row = rows.first
        else { return }
        version.withLock { $0 = row.optionalInt("head") ?? 0 }
    }
}
