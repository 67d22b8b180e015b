internal import AgentOps
internal import OpsHTTP
internal import OpsService

/// What a person may set for `Observer serve`.
struct Configuration: ServiceConfiguration {
    /// The target's database as Observer enters it.
    struct TargetDatabase: Sendable {
        var host: String
        var port: Int
        var user: String
        var passwordFile: String?
        var database: String
    }

    var listen: String
    var instance: String
    var instanceID: String
    var state: String
    var topology: String
    var bindings: String
    var keys: String?
    var runbooks: String?
    var load: String?
    var peers: [String: String]
    var peerKeys: [String: String]
    var targetDatabase: TargetDatabase?
    var record: RecorderConfiguration?
    var period: Duration
    var logLevel: LogLevel

    init(reading reader: inout ConfigurationReader) {
        listen = reader.read(.text("listen", default: "127.0.0.1:8002", help: "Address and port, or unix:PATH."))
        instance = reader.read(.text("instance", default: "default", help: "Name of the lab's instance."))
        instanceID = reader.read(.text("instance_id", help: "Identity of the lab's instance."))
        state = reader.read(.text("state", default: ".", help: "Directory for files of Observer's own."))
        topology = reader.read(.text("topology", help: "The declared system.", required: true))
        bindings = reader.read(.text("bindings", help: "Where its parts run.", required: true))
        keys = Self.some(reader.read(.text("keys", help: "Accepted API keys.")))
        runbooks = Self.some(reader.read(.text("runbooks", help: "Folder of runbooks.")))
        load = Self.some(reader.read(.text("load", help: "Address of the load process; default from the bindings.")))
        peers = reader.table("peers", help: "Addresses of the other services by name; `gate` gets the pages.")
        peerKeys = reader.table("peer_keys", help: "Files with the keys for them.")
        period = reader.read(
            .duration("period", default: .milliseconds(500), help: "Time between two samples.")
        )
        targetDatabase = Self.targetDatabase(&reader)
        record = RecorderConfiguration(reading: &reader)
        logLevel = reader.read(.logLevel())
        if HTTPServerConfiguration.listen(listen) == nil { reader.report("listen: '\(listen)' is no address") }
    }

    private static func targetDatabase(_ reader: inout ConfigurationReader) -> TargetDatabase? {
        let isSet = reader.hasSection("target_db")
        let database = TargetDatabase(
            host: reader.read(.text("target_db.host", default: "127.0.0.1", help: "The target's database server.")),
            port: reader.read(.int("target_db.port", default: 5_433, in: 1...65_535, help: "Its port.")),
            user: reader.read(
                .text("target_db.user", default: "observer", help: "A role with pg_monitor and no more.")
            ),
            passwordFile: some(reader.read(.text("target_db.password_file", help: "File with its password."))),
            database: reader.read(.text("target_db.database", default: "shop", help: "The database."))
        )
        return isSet ? database : nil
    }

    private static func some(_ text: String) -> String? { text.isEmpty ? nil : text }
}
