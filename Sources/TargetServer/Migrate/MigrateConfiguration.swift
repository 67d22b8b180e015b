import AgentOps
import OpsPostgres
import OpsService
import OpsSystem

/// Where `migrate` works, and as whom: by default with the settings that the shop itself runs with.
///
/// The role has to own the database. Flags win over the environment file.
struct MigrateConfiguration: ServiceConfiguration {
    var host: String?
    var port: Int
    var user: String?
    var database: String?
    var passwordFile: String?
    var environmentFile: String?
    var to: Int
    var isRepair: Bool
    var record: RecorderConfiguration?

    init(reading reader: inout ConfigurationReader) {
        host = reader.read(.optionalText("host", help: "Address, or the directory of the server's socket."))
        port = reader.read(.int("port", default: 0, in: 0...65_535, help: "Port of the server; 0 takes the file's."))
        user = reader.read(.optionalText("user", help: "Role that logs in; it has to own the database."))
        database = reader.read(.optionalText("database", help: "Database of the shop."))
        passwordFile = reader.read(.optionalText("password_file", help: "File with the role's password."))
        environmentFile = reader.read(.optionalText("env_file", help: "shop.env, for whatever is not said otherwise."))
        to = reader.read(.int("to", default: 0, in: 0...10_000, help: "down: the step that stays."))
        isRepair = reader.read(
            .bool("repair", default: false, help: "up: make missing indexes and column names again.")
        )
        // The generator writes what every process of the shop has.
        _ = reader.read(.optionalText("listen", help: "Not used."))
        _ = reader.read(.optionalText("name", help: "Not used."))
        record = RecorderConfiguration(reading: &reader)
    }

    func connect() async throws -> PostgresConnection {
        try await PostgresConnection.connect(configuration())
    }

    func configuration() throws -> PostgresConfiguration {
        let file = try environmentFile.map { try ShopEnvironment.read($0).database }
        var known = file ?? ShopEnvironment.Database(user: "postgres")
        known.host = host ?? known.host
        known.port = port == 0 ? known.port : port
        known.user = user ?? known.user
        known.name = database ?? known.name
        if let passwordFile {
            known.password = try FileSystem.text(passwordFile).split(separator: "\n").first.map(String.init) ?? ""
        }
        known.statementTimeout = .seconds(60)
        var configuration = known.configuration(for: "migrate")
        if known.password.isEmpty { configuration.password = nil }
        return configuration
    }
}
