import OpsSystem

/// Where a server is, who we are there, and how long we wait for it.
///
/// Nothing comes from the environment: `PG*` variables, password files and service files are ignored.
public struct PostgresConfiguration: Sendable {
    /// An IP address, `localhost`, the absolute path of a socket directory, or a name.
    ///
    /// A name is resolved by libpq while its thread waits: only for networks whose names are answered at once.
    public var host: String
    /// The port, which also names the socket inside a directory.
    public var port: Int
    /// The role that logs in.
    public var user: String
    /// Its password; nil where the server asks for none.
    public var password: String?
    /// The database.
    public var database: String
    /// What the server shows as `application_name`.
    public var applicationName: String
    /// How long a new connection may take.
    public var connectTimeout: Duration
    /// After how long the server itself gives a statement up; zero for never.
    ///
    /// Keep it below the callers' deadlines.
    public var statementTimeout: Duration
    /// Further server settings of every session, such as `idle_in_transaction_session_timeout`.
    public var options: [String: String]
    /// Gets the server's notices; they never reach stderr by themselves.
    public var onNotice: (@Sendable (String) -> Void)?

    /// A configuration with limits that suit a server on the same machine.
    public init(
        host: String,
        port: Int = 5_432,
        user: String,
        password: String? = nil,
        database: String,
        applicationName: String = "opslab",
        connectTimeout: Duration = .seconds(3),
        statementTimeout: Duration = .seconds(5),
        options: [String: String] = [:],
        onNotice: (@Sendable (String) -> Void)? = nil
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.database = database
        self.applicationName = applicationName
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.options = options
        self.onNotice = onNotice
    }

    /// The parameters as libpq names them, none of which is left for the environment to fill.
    var parameters: [(String, String)] {
        let isLocal = host.hasPrefix("/") || host == "localhost" || host.hasPrefix("127.") || host == "::1"
        var list = [
            ("port", String(port)), ("user", user), ("dbname", database), ("application_name", applicationName),
            ("client_encoding", "UTF8"), ("passfile", "/dev/null/none"), ("gssencmode", "disable"),
            ("sslmode", isLocal ? "disable" : "prefer"), ("options", serverOptions), ("keepalives_idle", "5"),
            ("keepalives_interval", "2"), ("keepalives_count", "3"), ("tcp_user_timeout", "8000"),
        ]
        list.append((isNumeric ? "hostaddr" : "host", host == "localhost" ? "127.0.0.1" : host))
        if let password { list.append(("password", password)) }
        return list
    }

    private var isNumeric: Bool {
        host == "localhost" || host.contains(":") || host.allSatisfy { $0.isASCII && $0.isNumber || $0 == "." }
    }

    private var serverOptions: String {
        var settings = [
            "datestyle": "ISO", "intervalstyle": "postgres", "timezone": "UTC", "bytea_output": "hex",
            "client_connection_check_interval": "500ms",
            "statement_timeout": "\(Int(statementTimeout.inSeconds * 1_000))",
        ]
        settings.merge(options) { _, chosen in chosen }
        return settings.sorted { $0.key < $1.key }.map { "-c \($0)=\(Self.escaped($1))" }.joined(separator: " ")
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing(" ", with: "\\ ")
    }
}

extension PostgresConfiguration: CustomStringConvertible {
    /// The address without the password.
    public var description: String { "postgres://\(user)@\(host):\(port)/\(database)" }
}
