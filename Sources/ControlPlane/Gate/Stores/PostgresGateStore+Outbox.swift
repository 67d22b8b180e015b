import OpsModel
import OpsPostgres

/// The commands that wait to be carried out.
extension PostgresGateStore {
    func waitingCommands() async throws -> [OutboxCommand] {
        try await organisation.transaction { connection in
            try await connection.query(GateSQL.waitingCommands).map { try $0.decode("payload", as: OutboxCommand.self) }
        }
    }

    func finish(_ command: OutboxCommand, with result: ActionResult) async throws {
        let document = try OpsJSON.encode(result)
        try await organisation.transaction { connection in
            _ = try await connection.query(GateSQL.finishCommand, [.text(command.id), .json(document)])
        }
    }

    func drop(_ command: OutboxCommand, as state: DroppedCommand) async throws {
        try await organisation.transaction { connection in
            _ = try await connection.query(GateSQL.dropCommand, [.text(command.id), .text(state.rawValue)])
        }
    }
}
