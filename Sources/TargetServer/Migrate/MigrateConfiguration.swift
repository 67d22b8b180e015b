import OpsPostgres
import OpsService
import OpsSystem

/// Where `migrate` works, and as whom: an administrator of the database, because roles get their rights there too.
struct MigrateConfiguration: ServiceConfiguration {
    var host: String
    var port: Int
    var user: String
    var database: String
    var passwordFile: String?
    var to: Int
    var isRepair: Bool

    init(reading reader: inout ConfigurationReader) {
        host = reader.read(
            .text("host", default: "127.0.0.1", help: "Address, or the directory of the server's socket.")
        )
        port = reader.read(.int("port", default: 5_433, in: 1...65_535, help: "Port of the server."))
        user = reader.read(.text("user", default: "postgres", help: "Role that logs in."))
        database = reader.read(.text("database", default: "shop", help: "Database of the shop."))
        passwordFile = reader.read(.optionalText("password_file", help: "File with the role's password."))
        to = reader.read(.int("to", default: 0, in: 0...10_000, help: "down: the step that stays."))
        isRepair = reader.read(.bool("repair", default: false, help: "up: make missing indexes again."))
    }

    func connect() async throws -> PostgresConnection {
        let password = try passwordFile.map {
            try FileSystem.text($0).split(separator: "\n").first.map(String.init) ?? ""
        }
        return try await PostgresConnection.connect(
            PostgresConfiguration(
                host: host,
                port: port,
                user: user,
                password: password,
                database: database,
                applicationName: "shop-migrate",
                statementTimeout: .seconds(60)
            )
        )
    }
}
