import OpsModel
public import OpsPostgres
public import OpsService
import OpsTrust

/// Where a service keeps its records until they are stored, and where they are stored.
public struct RecorderConfiguration: Sendable {
    /// The server, without the password.
    public var database: PostgresConfiguration
    /// The file that holds the password; read at each connection, so that a rotated one is found.
    public var passwordFile: String?
    /// The organisation in which everything is recorded.
    public var organisation: String
    /// The directory of the spool, which one process uses at a time.
    public var spool: String
    /// The name under which this process writes.
    public var writer: String
    /// How much telemetry may wait in the spool, in bytes; records that precede an effect may use a little more.
    public var spoolLimit = 256 << 20
    /// How often the spool is synced and sent.
    public var interval: Duration = .milliseconds(50)
    /// How long a process that ends may take to send what is left; less than it has for ending.
    public var farewell: Duration = .seconds(2)
    /// The most events in one statement.
    public var batch = 500

    /// A configuration with the usual limits.
    public init(
        database: PostgresConfiguration,
        passwordFile: String? = nil,
        organisation: String,
        spool: String,
        writer: String
    ) {
        self.database = database
        self.passwordFile = passwordFile
        self.organisation = organisation
        self.spool = spool
        self.writer = writer
    }

    /// Reads the section `record` of a service's settings; nil when there is none and nothing is to be recorded.
    public init?(reading reader: inout ConfigurationReader) {
        let isPresent = reader.hasSection("record")
        self.init(&reader, name: "", needsNames: isPresent, needsPassword: false)
        guard isPresent else { return nil }
    }

    /// Reads the same section for a service that lives on that database and cannot start without it.
    ///
    /// Role and writer are called `name` unless the section says otherwise, and the role has a password. Without a spool the
    /// service works, and nothing is recorded.
    public init(reading reader: inout ConfigurationReader, name: String) {
        self.init(&reader, name: name, needsNames: false, needsPassword: true)
    }

    private init(_ reader: inout ConfigurationReader, name writerName: String, needsNames: Bool, needsPassword: Bool) {
        let host = reader.read(.text("record.host", default: "127.0.0.1", help: "Address of the AgentOps database."))
        let port = reader.read(.int("record.port", default: 5_432, in: 1...65_535, help: "Its port."))
        let name = reader.read(.text("record.database", default: "agentops", help: "Its name."))
        let user = reader.read(.text("record.user", default: writerName, help: "The login role.", required: needsNames))
        let file = reader.read(
            .text("record.password_file", help: "A file that holds the role's password.", required: needsPassword)
        )
        let org = reader.read(.text("record.org", default: "lab", help: "The organisation to record in."))
        let spool = reader.read(.text("record.spool", help: "The directory of the spool.", required: needsNames))
        let writer = reader.read(
            .text("record.writer", default: writerName, help: "The name to write under.", required: needsNames)
        )
        let database = PostgresConfiguration(
            host: host,
            port: port,
            user: user,
            database: name,
            applicationName: "\(writer)-recorder"
        )
        self.init(
            database: database,
            passwordFile: file.isEmpty ? nil : file,
            organisation: org,
            spool: spool,
            writer: writer
        )
    }

    /// The server with password and organisation, for a connection of the recorder or of the service's own pool.
    public func connection() throws(AgentOpsError) -> PostgresConfiguration {
        var configuration = database
        configuration.options["agentops.org"] = organisation
        guard let passwordFile else { return configuration }
        do {
            let bytes = try SecretFile.read(passwordFile)
            configuration.password = String(decoding: bytes, as: UTF8.self).trimmingLineBreaks
        } catch {
            throw AgentOpsError(.unreadable, "\(error)")
        }
        return configuration
    }
}

extension String {
    var trimmingLineBreaks: String { String(prefix { !$0.isNewline }) }
}
