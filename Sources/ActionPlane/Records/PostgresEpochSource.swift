import OpsModel
import OpsPostgres

/// Reads the epoch where the kill switch raises it, and holds the row while an intent is committed.
///
/// Whoever pauses an agent takes the row's lock, too. Behind it a pause is either seen here, or comes after the intent.
/// A lost connection lets the row go, and the commit then fails: the intent is void and nothing is begun.
struct PostgresEpochSource: EpochSource {
    let configuration: PostgresConfiguration

    func hold(_ origin: GrantOrigin) async throws(ActionError) -> any EpochHold {
        do {
            let connection = try await PostgresConnection.connect(configuration)
            do {
                try await connection.execute(script: "BEGIN")
                let rows = try await connection.query("SELECT epoch, is_stopped FROM agentops.epochs FOR SHARE")
                guard let row = rows.first else { throw Self.unreadable("this organisation has none") }
                try Self.check(epoch: try row.int("epoch"), isStopped: try row.bool("is_stopped"), origin.epoch)
                try await Self.checkPause(of: origin, connection)
                return PostgresEpochHold(connection: connection, epoch: origin.epoch)
            } catch {
                connection.close()
                throw error
            }
        } catch let error as ActionError {
            throw error
        } catch let error as PostgresError {
            throw Self.unreadable(error.message)
        } catch {
            throw Self.unreadable("no usable answer")
        }
    }

    func current() async -> Int? {
        // Only a help for whoever is going to sign; the run itself reads it again and holds it.
        guard let connection = try? await PostgresConnection.connect(configuration) else { return nil }
        defer { connection.close() }
        return try? await connection.query("SELECT epoch FROM agentops.epochs").first?.int("epoch")
    }

    private static func check(epoch: Int, isStopped: Bool, _ expected: Int) throws(ActionError) {
        guard !isStopped else {
            throw ActionError(.epochStale, "the agents are stopped", hint: "resume them, then ask for a new grant")
        }
        guard epoch == expected else {
            throw ActionError(
                .epochStale,
                "the grant is of epoch \(expected), this is \(epoch): whatever was granted before is void",
                hint: "ask for a new grant"
            )
        }
    }

    /// A statement of its own behind the lock, so that it sees what was committed while it waited for that.
    private static func checkPause(of origin: GrantOrigin, _ connection: PostgresConnection) async throws {
        let rows = try await connection.query(pause, [.text(origin.agent)])
        guard let row = rows.first else { return }
        guard try !row.bool("is_paused") else {
            throw ActionError(.agentPaused, "the agent is paused", hint: "let it go on, then ask for a new grant")
        }
        // A moment that is shared with the change counts as before it.
        guard origin.issuedAt > Int(try row.timestamp("changed_at").microseconds / 1_000) else {
            throw ActionError(
                .agentPaused,
                "the grant is from before its agent was paused and let go on: whatever was granted then is void",
                hint: "ask for a new grant"
            )
        }
    }

    private static let pause = "SELECT is_paused, changed_at FROM agentops.agent_pauses WHERE agent = $1"

    fileprivate static func unreadable(_ why: String) -> ActionError {
        ActionError(
            .epochUnreadable,
            "whether the agents' kill switch is on cannot be read, so nothing is begun: \(why)",
            hint: "start the AgentOps database, then ask for a new grant"
        )
    }
}

/// A transaction that keeps the epoch's row from changing.
struct PostgresEpochHold: EpochHold {
    let connection: PostgresConnection
    let epoch: Int

    func commit(_ intent: Intent, of run: ActionLedger.Run) async throws(ActionError) {
        defer { connection.close() }
        do {
            let values = try ActionRow(run.consumption, intent: intent).values
            try await connection.query(ActionRow.upsert, values)
            try await connection.execute(script: "COMMIT")
        } catch {
            throw ActionError(.recordUnwritable, "the intent could not be recorded, so nothing is begun: \(error)")
        }
    }

    func knows(run: String) async throws(ActionError) -> Bool {
        do {
            return try await !connection.query("SELECT FROM lab.actions WHERE id = $1", [.text(run)]).isEmpty
        } catch {
            throw PostgresEpochSource.unreadable(error.message)
        }
    }

    func abandon() async { connection.close() }
}
