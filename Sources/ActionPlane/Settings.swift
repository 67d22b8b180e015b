import OpsService

/// Every setting of ActionPlane.
struct Settings: ServiceConfiguration {
    var listen: ListenAddress
    var instance: String
    var instanceID: String
    var state: String
    var topology: String
    var bindings: String
    var keys: String
    var trust: String
    var record: RecordSettings?
    var actionsPerMinute: Int
    var plansPerMinute: Int
    var lockPatience: Duration
    var confirmsClock: Bool
    var logLevel: LogLevel

    init(reading reader: inout ConfigurationReader) {
        listen = reader.read(.listen(default: .tcp(host: "127.0.0.1", port: 9_000)))
        instance = reader.read(.text("instance", default: "default", help: "The lab's name."))
        instanceID = reader.read(.text("instance_id", help: "The lab's identity; grants name it.", required: true))
        state = reader.read(.text("state", help: "Directory of the journal and the staged secrets.", required: true))
        topology = reader.read(.text("topology", help: "The file that describes the target.", required: true))
        bindings = reader.read(.text("bindings", help: "The file that says where its parts are.", required: true))
        keys = reader.read(.text("keys", help: "The file of accepted API keys.", required: true))
        let trusted = reader.read(.optionalText("trust", help: "Trusted keys and ceilings; trust.json below state."))
        trust = trusted ?? "\(state)/trust.json"
        actionsPerMinute = reader.read(
            .int("actions_per_minute", default: 30, in: 1...10_000, help: "Real runs of one principal.")
        )
        plansPerMinute = reader.read(
            .int("plans_per_minute", default: 300, in: 1...100_000, help: "Dry runs of one principal.")
        )
        lockPatience = reader.read(
            .duration("lock_patience", default: .seconds(5), help: "How long a run waits for a resource in use.")
        )
        confirmsClock = reader.read(
            .bool("confirm_clock", default: false, help: "Accept a clock that stands behind the journal.")
        )
        logLevel = reader.read(.logLevel())
        record = reader.hasSection("record") ? RecordSettings(reading: &reader) : nil
        // Every service's file names the others; this one calls none of them.
        _ = reader.table("peers", help: "Addresses of the other services; not used here.")
        _ = reader.table("peer_keys", help: "Keys for the other services; not used here.")
    }
}

/// Where the public record goes, and where the epoch is read.
struct RecordSettings: Sendable {
    var host: String
    var port: Int
    var database: String
    var user: String
    var passwordFile: String
    var org: String
    var spool: String
    var writer: String

    init(reading reader: inout ConfigurationReader) {
        host = reader.read(.text("record.host", default: "127.0.0.1", help: "Server of the AgentOps database."))
        port = reader.read(.int("record.port", default: 5_432, in: 1...65_535, help: "Its port."))
        database = reader.read(.text("record.database", default: "agentops", help: "Its name."))
        user = reader.read(.text("record.user", default: "action", help: "The role that logs in."))
        passwordFile = reader.read(.text("record.password_file", help: "File that holds the role's password."))
        org = reader.read(.text("record.org", default: "lab", help: "The organisation that is recorded for."))
        spool = reader.read(.text("record.spool", help: "Directory of records that are not in the database yet."))
        writer = reader.read(.text("record.writer", default: "action", help: "This writer's name in the record."))
    }
}
