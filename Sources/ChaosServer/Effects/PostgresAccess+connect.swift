import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem

extension PostgresAccess {
    /// A session as administrator over the local socket.
    func administrator(
        as name: String,
        within limit: Duration = .seconds(2)
    ) throws(ChaosError) -> SynchronousPostgresConnection {
        try Self.open(
            PostgresConfiguration(
                host: self.socketDirectory,
                port: self.port,
                user: self.admin,
                database: self.database,
                applicationName: name,
                connectTimeout: limit,
                statementTimeout: .seconds(3),
                options: DatabaseSettingSQL.sessionOptions.merging(["lock_timeout": "2500"]) { _, own in own }
            )
        )
    }

    /// A session as one of the shop's people or programs.
    func culprit(
        _ role: String,
        as name: String,
        options: [String: String]
    ) throws(ChaosError) -> SynchronousPostgresConnection {
        try Self.open(self.culpritConfiguration(role, as: name, options: options))
    }

    /// The same, and nil from a server that has no slot left.
    func sessionIfRoom(
        _ role: String,
        as name: String,
        options: [String: String]
    ) throws(ChaosError) -> SynchronousPostgresConnection? {
        let configuration = self.culpritConfiguration(role, as: name, options: options)
        do throws(PostgresError) { return try SynchronousPostgresConnection(configuration) } catch {
            guard error.sqlState == "53300" else { throw ChaosError(database: error) }
            return nil
        }
    }

    private func culpritConfiguration(
        _ role: String,
        as name: String,
        options: [String: String]
    ) -> PostgresConfiguration {
        // Without one there is the socket's way in.
        let password = self.password(of: role)
        return PostgresConfiguration(
            host: password == nil ? self.socketDirectory : self.host,
            port: self.port,
            user: role,
            password: password,
            database: self.database,
            applicationName: name,
            connectTimeout: .seconds(2),
            statementTimeout: .seconds(4),
            options: options
        )
    }

    /// Whether a fresh login with the password that is on file for a role is refused; nil where none can be read.
    func refusesPassword(of role: String, as name: String) throws(ChaosError) -> Bool? {
        guard let password = self.password(of: role) else { return nil }
        let configuration = PostgresConfiguration(
            host: self.host,
            port: self.port,
            user: role,
            password: password,
            database: self.database,
            applicationName: name,
            connectTimeout: .seconds(2)
        )
        do throws(PostgresError) {
            try SynchronousPostgresConnection(configuration).close()
            return false
        } catch {
            guard error.sqlState == "28P01" else { throw ChaosError(database: error) }
            return true
        }
    }

    private func password(of role: String) -> String? {
        guard let path = self.passwords[role], let text = try? FileSystem.text(path, limit: 4_096) else { return nil }
        return String(text.prefix { $0 != "\n" })
    }

    private static func open(_ configuration: PostgresConfiguration) throws(ChaosError) -> SynchronousPostgresConnection
    {
        do { return try SynchronousPostgresConnection(configuration) } catch { throw ChaosError(database: error) }
    }
}

extension SynchronousPostgresConnection {
    /// Ends the sessions of that name: a dead holder's may still be at work on its last statement.
    func endSessions(called name: String) throws(ChaosError) {
        try asking { () throws(PostgresError) in
            _ = try self.query(
                "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE application_name = $1",
                [.text(name)]
            )
        }
    }
}

extension ChaosError {
    /// The injector's view of a database error: not reachable now, or refused for good.
    init(database error: PostgresError) {
        let isAway = error.isConnectionFailure || error.sqlState == "57P03" || error.sqlState == "53300"
        // Somebody held a lock for longer than the session or the statement would wait, or waited for one of ours.
        let isLocked = ["55P03", "57014", "40P01"].contains(error.sqlState)
        self.init(
            isAway ? .targetUnavailable : isLocked ? .busy : .notApplied,
            "the database says: \(error.message)" + (error.sqlState.map { " (\($0))" } ?? ""),
            hint: isAway ? "it is tried again until the database answers" : nil
        )
    }
}

/// Runs statements with the injector's errors.
func asking<Result>(_ body: () throws(PostgresError) -> Result) throws(ChaosError) -> Result {
    do { return try body() } catch { throw ChaosError(database: error) }
}
