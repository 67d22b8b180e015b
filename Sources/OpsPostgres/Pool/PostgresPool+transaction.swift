/// How much a transaction sees of others.
public enum PostgresIsolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
}

extension PostgresPool {
    /// Runs the closure in one transaction: committed when it returns, rolled back when it throws.
    ///
    /// - Throws: What the closure threw, or an error of ours. `postgres_outcome_unknown` means that the answer to COMMIT
    ///   was lost: the caller has to look whether the change is there.
    @discardableResult
    nonisolated(nonsending) public func transaction<Value>(
        isolation: PostgresIsolation = .readCommitted,
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await withConnection { connection in try await connection.transaction(isolation: isolation, body) }
    }
}

extension PostgresConnection {
    /// Runs the closure in one transaction on this connection, as ``PostgresPool/transaction(isolation:_:)`` does.
    @discardableResult
    nonisolated(nonsending) public func transaction<Value>(
        isolation: PostgresIsolation = .readCommitted,
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await query("BEGIN ISOLATION LEVEL \(isolation.rawValue)")
        let value: Value
        do {
            value = try await body(self)
        } catch {
            await rollBack()
            throw error
        }
        try await commit()
        return value
    }

    private func rollBack() async {
        guard !isClosed else { return }
        do { try await query("ROLLBACK") } catch { close() }  // a session that cannot roll back must not be used again
    }

    private func commit() async throws(PostgresError) {
        let answer: PostgresRows
        do {
            answer = try await query("COMMIT")
        } catch  where error.isConnectionFailure || error.code == .cancelled {
            throw PostgresError(
                .outcomeUnknown,
                "the answer to COMMIT was lost: \(error.message)",
                sqlState: error.sqlState
            )
        }
        guard answer.command == "COMMIT" else {
            throw PostgresError(.transactionAborted, "a statement of the transaction had failed; all was rolled back")
        }
    }
}
