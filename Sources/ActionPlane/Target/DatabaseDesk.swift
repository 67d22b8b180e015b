import OpsModel
import OpsPostgres

/// Short visits to the target's database: connect, ask, leave.
///
/// A pool would hold what a repair may have to restart.
struct DatabaseDesk: Sendable {
    let configuration: PostgresConfiguration

    /// Lends a connection that is closed afterwards.
    func visit<Answer: Sendable>(
        _ body: (PostgresConnection) async throws -> Answer
    ) async throws(ActionError) -> Answer {
        let connection: PostgresConnection
        do throws(PostgresError) {
            connection = try await PostgresConnection.connect(configuration)
        } catch {
            throw ActionError(.targetUnreadable, "the target's database cannot be asked: \(error.message)")
        }
        do {
            let answer = try await body(connection)
            connection.close()
            return answer
        } catch {
            connection.close()
            if let error = error as? ActionError { throw error }
            if let error = error as? PostgresError {
                throw ActionError(.targetUnreadable, "the target's database refused: \(error.message)")
            }
            throw ActionError(.targetUnreadable, "the target's database gave no usable answer")
        }
    }

    /// Asks one question.
    func query(_ sql: String, _ parameters: [PostgresValue] = []) async throws(ActionError) -> PostgresRows {
        try await visit { try await $0.query(sql, parameters) }
    }
}
