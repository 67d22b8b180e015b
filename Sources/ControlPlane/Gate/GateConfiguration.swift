import AgentOps
import OpsService

/// The settings of `ControlPlane serve`.
struct GateConfiguration: ServiceConfiguration {
    var listen: ListenAddress
    var instanceID: String
    var state: String
    var topology: String
    var bindings: String
    var keys: String
    var trust: String
    var signingKey: String
    /// Who has which role where a policy names one.
    var roles: String
    /// Where questions are told in a chat; empty is nowhere.
    var chat: String
    /// Who started the lab: whom a policy with `four_eyes` bars.
    var startedBy: String
    var record: RecorderConfiguration
    var observer: String
    var observerKey: String
    var action: String
    var actionKey: String
    /// Seconds that a person has to decide.
    var approvalTimeoutS: Double
    /// Seconds that an agent may be silent.
    var agentLeaseS: Double
    var autonomy: String
    var logLevel: LogLevel

    init(reading reader: inout ConfigurationReader) {
        listen = reader.read(.listen(default: .tcp(host: "127.0.0.1", port: 8080)))
        _ = reader.read(.text("instance", default: "default", help: "Name of the lab instance."))
        instanceID = reader.read(.text("instance_id", help: "Identity that grants are bound to.", required: true))
        state = reader.read(.text("state", help: "Directory of the gate's own files.", required: true))
        topology = reader.read(.text("topology", help: "The system under test.", required: true))
        bindings = reader.read(.text("bindings", default: "", help: "Where its parts are."))
        keys = reader.read(.text("keys", help: "File of accepted API keys.", required: true))
        trust = reader.read(.text("trust", default: "", help: "File of approvers' public keys."))
        signingKey = reader.read(.text("signing_key", default: "", help: "The gate's own key for policy grants."))
        roles = reader.read(.text("roles", default: "", help: "File of the roles that policies name."))
        chat = reader.read(.text("chat", default: "", help: "File of a chat that is asked, too."))
        startedBy = reader.read(.text("started_by", default: "", help: "Who started the lab, for four eyes."))
        record = RecorderConfiguration(reading: &reader, name: "gate")
        observer = reader.read(.text("peers.observer", default: "http://127.0.0.1:8002", help: "Observer."))
        observerKey = reader.read(.text("peer_keys.observer", help: "File of the key for Observer.", required: true))
        action = reader.read(.text("peers.action", default: "http://127.0.0.1:9000", help: "ActionPlane."))
        actionKey = reader.read(.text("peer_keys.action", help: "File of the key for ActionPlane.", required: true))
        _ = reader.table("peers", help: "Addresses of the other services by name.")
        _ = reader.table("peer_keys", help: "Files of the keys for them by name.")
        approvalTimeoutS = reader.read(
            .double("approval_timeout_s", default: 60, in: 1...86_400, help: "Seconds a person has to decide.")
        )
        agentLeaseS = reader.read(
            .double("agent_lease_s", default: 20, in: 2...3_600, help: "Seconds an agent may be silent.")
        )
        autonomy = reader.read(
            .choice(
                "autonomy",
                ["observe", "suggest", "approve", "auto"],
                default: "approve",
                help: "How much agents may do before anybody sets it."
            )
        )
        logLevel = reader.read(.logLevel())
    }

    var starter: String? { startedBy.isEmpty ? nil : startedBy }
    var trustFile: String { trust.isEmpty ? "\(state)/trust.json" : trust }
    var rolesFile: String { roles.isEmpty ? "\(state)/roles.json" : roles }
    /// How the audit chain stood from time to time, signed, outside the database.
    var checkpointFile: String { "\(state)/audit-checkpoints.jsonl" }
    var signingKeyFile: String { signingKey.isEmpty ? "\(state)/signing.key" : signingKey }
}
