import OpsHTTP
import OpsModel
import OpsPostgres
import OpsService
import OpsSystem
import OpsTestKit

@testable import TargetServer

/// A shop of one api and two providers for one test: real database, real sockets to the providers.
final class ShopFixture: Sendable {
    let directory: TemporaryDirectory
    let environment: ShopEnvironment
    let process: ShopProcess
    let database: ShopDatabase
    let api: HTTPServer
    let strains: StrainParts
    /// What the api takes for its resident memory, of a limit of 100 MiB.
    let resident = Reading()
    let memory: MemoryGuard
    /// What the api takes for the number of its open descriptors, of a limit of 256.
    let opened = Reading()
    let descriptors: DescriptorGuard
    let flags: FlagBoard
    let primary: ProviderFixture
    let fallback: ProviderFixture

    static func with(_ body: (ShopFixture) async throws -> Void) async throws { try await with({ _ in }, body) }

    static func with(
        _ change: (inout ShopEnvironment) -> Void,
        _ body: (ShopFixture) async throws -> Void
    ) async throws {
        let shop = try await ShopFixture(change)
        do {
            try await body(shop)
        } catch {
            await shop.end()
            throw error
        }
        await shop.end()
    }

    private init(_ change: (inout ShopEnvironment) -> Void) async throws {
        directory = try TemporaryDirectory()
        primary = try await ProviderFixture(.primary, in: directory.path)
        fallback = try await ProviderFixture(.fallback, in: directory.path)
        var environment = ShopEnvironment()
        environment.database = try await Self.migrated()
        environment.payments.key = ProviderFixture.key
        environment.payments.primary = primary.url
        environment.payments.fallback = fallback.url
        change(&environment)
        self.environment = environment
        try FileSystem.makeDirectory(directory.file("cache"))
        process = try Self.process("api", environment, directory)
        database = process.database(limit: environment.database.pool)
        flags = FlagBoard(database, logger: process.logger, metrics: process.metrics)
        descriptors = DescriptorGuard(limit: 256, logger: process.logger, metrics: process.metrics) { [opened] in
            Int(opened.value)
        }
        let cache = CatalogueCache(
            directory: directory.file("cache"),
            descriptors: descriptors,
            logger: process.logger,
            metrics: process.metrics
        )
        let turnstile = Turnstile(limit: 7)
        memory = MemoryGuard(limit: 100 << 20, logger: process.logger, metrics: process.metrics) { [resident] in
            resident.value
        }
        strains = StrainParts(
            door: directory.file("strains.sock"),
            database: database,
            turnstile: turnstile,
            memory: memory,
            descriptors: descriptors
        )
        let router = APIProcess(process: process).router(database, flags, cache, turnstile, strains, memory)
        api = process.server(router) { HealthReport() }
    }

    static func process(
        _ verb: String,
        _ environment: ShopEnvironment,
        _ directory: TemporaryDirectory
    ) throws -> ShopProcess {
        let settings = try ShopConfiguration.load(
            arguments: [
                "--name", "\(verb)-test", "--ledger", directory.path, "--scratch", directory.path,
                "--listen", "127.0.0.1:0",
            ],
            environment: [:]
        )
        return ShopProcess(verb: verb, settings: settings, environment: environment, logger: .silent)
    }

    /// A database with the newest schema and its seed.
    static func migrated() async throws -> ShopEnvironment.Database {
        let found = try await PostgresFixture.shared.database(template: "shop") { configuration in
            let connection = try await PostgresConnection.connect(configuration)
            try await Schema.migrator.up(connection)
            connection.close()
        }
        var settings = ShopEnvironment.Database()
        settings.host = found.host
        settings.port = found.port
        settings.user = found.user
        settings.name = found.database
        return settings
    }

    private func end() async {
        database.pool.close()
        await primary.stop()
        await fallback.stop()
    }

    func get(_ target: String) async throws -> HTTPResponse {
        await api.respond(to: try HTTPRequest(.get, target, headers: ["Host": "127.0.0.1"]))
    }

    func send(
        _ method: HTTPMethod,
        _ target: String,
        _ body: JSONValue,
        key: String? = nil
    ) async throws -> HTTPResponse {
        var headers: HTTPHeaders = ["Content-Type": "application/json", "Host": "127.0.0.1"]
        if let key { headers["Idempotency-Key"] = key }
        return await api.respond(to: try HTTPRequest(method, target, headers: headers, body: OpsJSON.encode(body)))
    }

    func buy(_ key: String, product: Int = 10, quantity: Int = 1, card: String = "card-1") async throws -> HTTPResponse
    {
        let body: JSONValue = [
            "customer_id": 1, "card": .string(card),
            "items": [["product_id": .int(product), "quantity": .int(quantity)]],
        ]
        return try await send(.post, "/api/checkout", body, key: key)
    }

    func number(_ sql: String) async throws -> Int { try await database.query(sql).only().int("n") }
}

extension HTTPResponse {
    /// The body as JSON; `null` when it is none.
    var document: JSONValue { (try? OpsJSON.decode(JSONValue.self, from: bytes)) ?? .null }
}

/// A change of one setting.
func set<Value>(
    _ member: any WritableKeyPath<ShopEnvironment, Value> & Sendable,
    _ value: Value
) -> (inout ShopEnvironment) -> Void {
    { $0[keyPath: member] = value }
}
