import AgentOps
import OpsPostgres
import OpsService

/// The settings of `ControlPlane agent`.
///
/// The gate is the only peer: no address of Observer, ActionPlane or ChaosServer is accepted, so none can leak in.
struct AgentConfiguration: ServiceConfiguration {
    var name: String
    var state: String
    var gate: String
    var gateKey: String
    var incidents: Int
    var record: RecorderConfiguration?
    var isConfined: Bool
    var logLevel: LogLevel

    init(reading reader: inout ConfigurationReader) {
        name = reader.read(.text("name", default: "builtin", help: "The agent's name in incidents and approvals."))
        _ = reader.read(.text("instance", default: "default", help: "Name of the lab instance."))
        _ = reader.read(.text("instance_id", help: "Identity of the lab instance."))
        state = reader.read(.text("state", help: "Directory of the agent's own files."))
        gate = reader.read(.text("peers.gate", default: "http://127.0.0.1:8080", help: "The gate."))
        gateKey = reader.read(.text("peer_keys.gate", help: "File of the host key for the gate.", required: true))
        incidents = reader.read(.int("incidents", default: 4, in: 1...32, help: "Incidents worked on at once."))
        isConfined = reader.read(
            .bool("confined", default: true, help: "Give up all files and ports but its own (Landlock).")
        )
        record = RecorderConfiguration(reading: &reader)
        logLevel = reader.read(.logLevel())
    }

    /// The ports that the process may reach: the gate's, and the record's.
    var ports: [UInt16] { [gatePort, record.flatMap { UInt16(exactly: $0.database.port) }].compactMap(\.self) }

    /// The port of the gate, for the kernel's list of ports that may be reached.
    private var gatePort: UInt16? {
        gate.split(separator: "/").last.flatMap { $0.split(separator: ":").last }.flatMap { UInt16($0) }
    }
}
