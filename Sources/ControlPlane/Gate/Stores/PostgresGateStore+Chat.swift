import OpsModel
import OpsPostgres

/// What was told in the chat: rows of the outbox beside the commands.
extension PostgresGateStore {
    /// Whether it is time to tell of a question; each time counts as a try, and the next comes later.
    func claimMessage(about approval: Approval, most tries: Int) async throws -> Bool {
        try await organisation.transaction { connection in
            _ = try await connection.query(
                GateSQL.insertMessage,
                [.text(Self.row(approval)), .text(approval.incident)]
            )
            return try await !connection.query(GateSQL.claimMessage, [.text(Self.row(approval)), .int(tries)]).isEmpty
        }
    }

    func noteMessage(about approval: Approval) async throws {
        try await organisation.transaction { connection in
            _ = try await connection.query(GateSQL.finishMessage, [.text(Self.row(approval))])
        }
    }

    private static func row(_ approval: Approval) -> String { "chat-\(approval.id)" }
}
