import OpsModel
import OpsPostgres

/// Which sessions are meant: the words of the parameters.
enum SessionSelection: Hashable, Sendable {
    case blockers(atMost: Int?)
    case owner(String, atMost: Int?)

    init(_ parameters: [String: JSONValue]) throws(ActionError) {
        let atMost = parameters["at_most"]?.intValue
        switch (parameters["which"]?.stringValue, parameters["owner"]?.stringValue) {
        case ("blocker", nil): self = .blockers(atMost: atMost)
        case ("owner", let owner?): self = .owner(owner, atMost: atMost)
        case ("owner", nil): throw ActionError(.invalidParameters, "owner: say which role's sessions are to end")
        default: throw ActionError(.invalidParameters, "owner: only together with which: owner")
        }
    }

    var name: String {
        switch self {
        case .blockers: "blocker"
        case .owner(let owner, _): "owner \(owner)"
        }
    }

    var atMost: Int? {
        switch self {
        case .blockers(let most), .owner(_, let most): most
        }
    }

    var nothingFound: String {
        switch self {
        case .blockers: "no session has blocked others for \(TerminateSessions.leastAge) s"
        case .owner(let owner, _): "role \(owner) has no session"
        }
    }

    /// The sessions as they are now, in a fixed order.
    func sessions(on connection: PostgresConnection) async throws -> [DatabaseSession] {
        let rows =
            switch self {
            case .blockers: try await connection.query(SessionSQL.rootBlockers, [.double(TerminateSessions.leastAge)])
            case .owner(let owner, _): try await connection.query(SessionSQL.ofOwner, [.text(owner)])
            }
        return try rows.map(DatabaseSession.init)
    }
}
