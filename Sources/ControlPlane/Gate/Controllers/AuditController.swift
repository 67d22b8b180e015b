import OpsHTTP
import OpsModel

/// The route by which people read the audit chain.
struct AuditController: Sendable {
    var desk: AuditDesk

    func register(in router: inout Router) {
        router.get(
            "/api/v1/audit-logs",
            summary: "Who did what to which thing, and whether the chain of these rows is whole",
            access: .scope("operator"),
            handler: answering { .json(try await desk.page(try filter($0))) }
        )
    }

    /// A filter that was misspelt would show more than was asked for, so that nothing unknown is taken.
    private func filter(_ request: HTTPRequest) throws -> AuditFilter {
        var filter = AuditFilter()
        var names: Set<String> = []
        for (name, value) in request.query {
            guard names.insert(name).inserted else { throw Self.bad("\(name.prefix(50)) is given twice") }
            switch name {
            case "actor": filter.actor = try text(name, value)
            case "action": filter.action = try text(name, value)
            case "target": filter.target = try text(name, value)
            case "from": filter.from = try moment(name, value)
            case "to": filter.to = try moment(name, value)
            case "after": filter.after = try request.integer(query: name, default: 0, in: 0...Int.max)
            case "before": filter.before = try request.integer(query: name, default: 0, in: 0...Int.max)
            case "limit":
                filter.limit = try request.integer(query: name, default: filter.limit, in: AuditFilter.limits)
            default: throw Self.bad("there is no filter called \(name.prefix(50))")
            }
        }
        guard filter.after == nil || filter.before == nil else {
            throw Self.bad("after and before go into different directions")
        }
        return filter
    }

    private func text(_ name: String, _ value: String) throws -> String {
        guard (1...Self.longest).contains(value.utf8.count), !value.utf8.contains(0) else {
            throw Self.bad("\(name) is a text of 1 to \(Self.longest) bytes without NUL")
        }
        return value
    }

    private func moment(_ name: String, _ value: String) throws -> Timestamp {
        guard value.utf8.count <= 64, let moment = Timestamp(value) else {
            throw Self.bad("\(name) is no RFC 3339 time")
        }
        return moment
    }

    private static let longest = 1_000

    private static func bad(_ message: String) -> HTTPError {
        .badRequest(
            "bad_query",
            message,
            hint: "actor, action, target, from, to, after or before, and limit, each once"
        )
    }
}
