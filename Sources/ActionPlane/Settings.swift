import AgentOps
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
    var targetKey: String?
    var record: RecorderConfiguration?
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
        record = RecorderConfiguration(reading: &reader)
        targetKey = reader.read(
            .optionalText("peer_keys.target", help: "File of the key for what the target lets be changed over HTTP.")
        )
        // Every service's file names the others; this one calls none of them.
        _ = reader.table("peers", help: "Addresses of the other services; not used here.")
        _ = reader.table("peer_keys", help: "Files of keys for others.")
    }
}
