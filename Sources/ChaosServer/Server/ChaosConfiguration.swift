import AgentOps
import OpsService

/// What `serve` can be told; every setting is a flag, a variable or a line of the file.
struct ChaosConfiguration: ServiceConfiguration {
    var listen: ListenAddress
    var killListen: ListenAddress
    var guardSocket: String
    var isGuardApart: Bool
    var killKey: String
    var state: String
    var topology: String
    var bindings: String
    var keys: String
    var instance: String
    var passwords: [String: String]
    var logLevel: LogLevel
    /// Who is told of events over HTTP.
    var sinks: [EventSink.Setting]
    /// Where events are recorded; nil when they are not.
    var record: RecorderConfiguration?

    init(reading reader: inout ConfigurationReader) {
        self.listen = reader.read(.listen(default: .tcp(host: "127.0.0.1", port: 8001)))
        self.killListen = reader.read(
            .listen(
                "kill_listen",
                default: .tcp(host: "127.0.0.1", port: 8003),
                help: "Where the kill switch has its own listener and thread."
            )
        )
        self.guardSocket = reader.read(
            .text(
                "guard_socket",
                help: "The socket where the guard answers POST /kill; its owner's only.",
                required: true
            )
        )
        self.isGuardApart = reader.read(
            .bool("guard_apart", default: false, help: "The guard is started by somebody else, as a container is.")
        )
        self.killKey = reader.read(
            .text("kill_key", help: "The key of the kill listener; in the state directory when absent.")
        )
        self.state = reader.read(.text("state", help: "The injector's own directory, 0700.", required: true))
        self.topology = reader.read(.text("topology", help: "The topology of the system under test.", required: true))
        self.bindings = reader.read(.text("bindings", help: "Where its components are.", required: true))
        self.keys = reader.read(.text("keys", help: "Accepted keys.", required: true))
        self.instance = reader.read(.text("instance", default: "default", help: "The lab's name."))
        self.passwords = reader.table(
            "passwords",
            help: "Password file of a role that a culprit's session may log in as."
        )
        self.logLevel = reader.read(.logLevel())
        self.sinks = EventSink.Setting.read(&reader)
        self.record = RecorderConfiguration(reading: &reader)
        _ = reader.read(.text("instance_id", help: "The lab's identity."))
        _ = reader.table("peers", help: "Addresses of other services; not used here.")
        _ = reader.table("peer_keys", help: "Keys for other services; not used here.")
    }
}
