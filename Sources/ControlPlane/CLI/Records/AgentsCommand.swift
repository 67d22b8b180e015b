import AgentOps
import OpsCommand
import OpsModel
import OpsPostgres

/// `opslab agents`.
struct AgentsCommand: Command {
    static let name = "agents"
    static let summary =
        "List who is registered in the records, services, agents and command lines, and which agents are paused"
    static let options: [Option] = [LabLookup.option, .json]

    private let lookup: LabLookup
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let records = LabRecords(lab: try lookup.lab())
        var agents: [RegisteredAgent] = []
        for organisation in AgentOpsSchema.organisationNames {
            let pool = try records.pool(organisation: organisation)
            defer { pool.close() }
            agents += try await RegisteredAgent.all(pool)
        }
        if isJSON { Terminal.out(try OpsJSON.string(agents)) } else { show(agents) }
        return ExitCode.ok
    }

    private func show(_ agents: [RegisteredAgent]) {
        var table = TextTable(
            ["id", "name", "organisation", "type", "status", "version", "heartbeat", "events"],
            numbers: ["events"]
        )
        for agent in agents {
            let age = agent.lastHeartbeat.map { "\(Int(max(0, Timestamp.now() - $0))) s ago" } ?? "never"
            table.add([
                agent.id, agent.name, agent.organisation, agent.type, agent.status, agent.version, age,
                "\(agent.events)",
            ])
        }
        Terminal.out(table.isEmpty ? "nobody is registered yet" : table.render())
        for pause in agents.compactMap(\.pause) {
            let words = "\(pause.agent) was paused by \(pause.changedBy) at \(pause.changedAt): \(pause.reason)"
            Terminal.out(Terminal.clean(words))
        }
    }
}
