/// One private PostgreSQL cluster: what `initdb` and its configuration files have to say.
package struct ClusterPlan: Sendable {
    package struct Role: Sendable {
        package var name: String
        package var password: String
        package var memberOf: [String] = []
    }

    package struct Database: Sendable {
        package var name: String
        package var owner: String?
        /// Who may connect; nil is everybody.
        package var visibleTo: [String]?
        /// Made by the administrator, because an owner may not.
        package var extensions: [String] = []
    }

    package var data: String
    package var socketDirectory: String
    package var port: UInt16
    /// Users of this machine who may be `postgres` over the socket.
    package var administrators: [String]
    package var roles: [Role]
    package var databases: [Database]
    package var connections: Int
    /// What the server loads when it starts.
    package var libraries: [String] = []
    /// Whether its clients are on other machines of the networks it stands in.
    package var isNetworked = false

    /// No line says `trust`: passwords over TCP, and the kernel's word over the socket.
    package var hostBasedAuthentication: String {
        """
        # TYPE  DATABASE  USER      ADDRESS       METHOD
        local   all       postgres                peer map=administrators
        local   all       all                     reject
        host    all       postgres  all           reject
        host    all       all       127.0.0.1/32  scram-sha-256
        \(self.isNetworked ? "host    all       all       samenet       scram-sha-256\n" : "")
        """
    }

    package var identityMap: String {
        self.administrators.map { "administrators  \($0)  postgres\n" }.joined()
    }

    package var settings: String {
        """
        listen_addresses = '\(self.isNetworked ? "*" : "127.0.0.1")'
        port = \(self.port)
        unix_socket_directories = '\(self.socketDirectory)'
        unix_socket_permissions = 0777
        max_connections = \(self.connections)
        superuser_reserved_connections = 3
        password_encryption = 'scram-sha-256'
        client_connection_check_interval = '500ms'
        shared_buffers = '48MB'
        # In the data directory, so that nothing is left behind it.
        dynamic_shared_memory_type = 'mmap'
        max_wal_size = '256MB'
        min_wal_size = '64MB'
        jit = off
        timezone = 'UTC'
        log_timezone = 'UTC'
        log_line_prefix = '%m [%p] %u@%d '
        log_min_messages = 'warning'
        log_statement = 'none'
        log_min_error_statement = 'panic'
        track_io_timing = on

        """ + self.preloading
    }

    /// Statements are counted for Observer; those that change roles are not, because their text holds verifiers.
    private var preloading: String {
        guard !self.libraries.isEmpty else { return "" }
        let counting = self.libraries.contains("pg_stat_statements") ? "pg_stat_statements.track_utility = off\n" : ""
        return "shared_preload_libraries = '\(self.libraries.joined(separator: ","))'\n" + counting
    }

    /// Creates roles and databases; to be read by `psql` from its input, so that no password is ever an argument.
    package var script: String {
        (["\\set ON_ERROR_STOP on", "set log_min_messages = 'panic';"] + self.roles.flatMap(Self.role)
            + self.databases.flatMap(Self.database)).joined(separator: "\n") + "\n"
    }

    /// Makes the extensions that a database is to have and has not.
    package var extensionScript: String {
        self.databases.filter { !$0.extensions.isEmpty }.map { database in
            "\\connect \(Self.identifier(database.name))\n"
                + database.extensions.map { "create extension if not exists \(Self.identifier($0));\n" }.joined()
        }.joined()
    }

    private static func role(_ role: Role) -> [String] {
        let name = Self.identifier(role.name)
        return ["create role \(name) login password \(Self.literal(role.password));"]
            + role.memberOf.map { "grant \(Self.identifier($0)) to \(name);" }
    }

    private static func database(_ database: Database) -> [String] {
        let name = Self.identifier(database.name)
        let owner = database.owner.map { " owner \(Self.identifier($0))" } ?? ""
        var lines = ["create database \(name)\(owner);"]
        if let visible = database.visibleTo {
            lines.append("revoke connect on database \(name) from public;")
            lines += visible.map { "grant connect on database \(name) to \(Self.identifier($0));" }
        }
        return lines
    }

    static func identifier(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }
    static func literal(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}
