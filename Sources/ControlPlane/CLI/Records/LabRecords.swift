import AgentOps
public import OpsCommand
public import OpsPostgres
import OpsRuntime
public import OpsTrust

/// Ways into the AgentOps database of a lab for the person at the shell.
struct LabRecords {
    static let database = "agentops"

    let lab: Lab

    /// As one of the person's own roles, `operator` or `referee`, bound to one organisation.
    func pool(as role: String = "operator", organisation: String) throws -> PostgresPool {
        var configuration = PostgresConfiguration(
            host: "127.0.0.1",
            port: Int(try record().ports[.agentops]),
            user: role,
            password: try password(of: role),
            database: Self.database,
            applicationName: "opslab"
        )
        configuration.options["agentops.org"] = organisation
        return PostgresPool(configuration, limit: 2)
    }

    /// As the administrator of the cluster, over its socket; the server decides by the account of the caller.
    func administrator() async throws -> PostgresConnection {
        try await PostgresConnection.connect(
            PostgresConfiguration(
                host: lab.layout.agentOpsDatabaseSocket,
                port: Int(try record().ports[.agentops]),
                user: "postgres",
                database: Self.database,
                applicationName: "opslab"
            )
        )
    }

    private func record() throws -> InstanceRecord {
        guard let record = lab.record else {
            throw CommandError(
                "lab '\(lab.name)' does not exist",
                hint: "`opslab up` makes it",
                exitCode: ExitCode.unreachable
            )
        }
        return record
    }

    private func password(of role: String) throws -> String {
        let bytes = try SecretFile.read(lab.layout.secret("agentops-\(role)"))
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}

extension PostgresError: ExitCoded {
    /// Unreachable when no server answers, failed otherwise.
    public var exitCode: Int32 { isConnectionFailure ? ExitCode.unreachable : ExitCode.failed }
    /// A database that does not answer belongs to a lab that is down.
    public var advice: String? { isConnectionFailure ? "is the lab up? `opslab status` shows it" : nil }
}

extension TrustError: ExitCoded {
    /// Refused when a file is not safe or not ours to read, failed otherwise.
    public var exitCode: Int32 {
        code == .fileUnreadable || code == .fileUnsafe ? ExitCode.refused : ExitCode.failed
    }
}
