import OpsModel
import OpsPostgres

/// Short visits to the target's database: connect, ask, leave.
///
/// A pool would hold what a repair may have to restart.
struct DatabaseDesk: Sendable {
    /// How long a full server is asked again.
    private static let patience: Duration = .seconds(3)

    let configuration: PostgresConfiguration

    /// Lends a connection that is closed afterwards.
    func visit<Answer: Sendable>(
        _ body: (PostgresConnection) async throws -> Answer
    ) async throws(ActionError) -> Answer {
        let connection = try await enter()
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

    /// Each login of anybody holds a slot while it is refused, those kept for administrators included: a full server is asked
    /// again.
    private func enter() async throws(ActionError) -> PostgresConnection {
        let end = ContinuousClock.now + Self.patience
        while true {
            do throws(PostgresError) {
                return try await PostgresConnection.connect(configuration)
            } catch {
                let mayTryAgain = error.sqlState == "53300" && ContinuousClock.now < end
                guard mayTryAgain, (try? await Task.sleep(for: .milliseconds(20))) != nil else {
                    throw ActionError(.targetUnreadable, "the target's database cannot be asked: \(error.message)")
                }
            }
        }
    }

    /// Asks one question.
    func query(_ sql: String, _ parameters: [PostgresValue] = []) async throws(ActionError) -> PostgresRows {
        try await visit { try await $0.query(sql, parameters) }
    }
}
