import OpsModel
import OpsPostgres

/// One session of the target's database, named so that no other can be taken for it.
struct DatabaseSession: Hashable, Sendable {
    var pid: Int
    var backendStart: String
    /// The start of its transaction, where that belongs to what was approved.
    var transactionStart: String?
    var owner: String
    var application: String
    var state: String
    var backendType: String
    var isPrivileged: Bool
    var waiters: Int

    init(_ row: PostgresRow) throws {
        pid = try row.int("pid")
        backendStart = try row.string("backend_start")
        transactionStart = row["xact_start"]
        owner = row["usename"] ?? ""
        application = row["application_name"] ?? ""
        state = row["state"] ?? ""
        backendType = row["backend_type"] ?? ""
        isPrivileged = try row.bool("is_privileged")
        waiters = try row.int("waiters")
    }

    /// What is compared again right before the effect.
    var fact: JSONValue {
        var members: [String: JSONValue] = ["pid": .int(pid), "backend_start": .string(backendStart)]
        if let transactionStart { members["xact_start"] = .string(transactionStart) }
        return .object(members)
    }

    /// A line for people.
    var label: String { "session \(pid) of \(owner) (\(application)), \(state), started \(backendStart)" }

    /// Why this session must not be ended; nil when it may.
    var refusal: String? {
        if backendType != "client backend" { return "session \(pid) is the server's own (\(backendType))" }
        return isPrivileged ? "session \(pid) belongs to \(owner), who administers or observes the database" : nil
    }
}
