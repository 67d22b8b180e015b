import OpsModel
import OpsRuntime

/// Questions that are not measured: they are about what has been written down.
extension AgentDesk {
    static func isKept(_ query: ReadQuery) -> Bool {
        query.read.hasPrefix("runbook.") || query.read == "past.incidents"
    }

    func lookUp(_ query: ReadQuery, in record: IncidentRecord) async throws -> ReadAnswer {
        switch query.read {
        case "runbook.search":
            guard let words = Self.text("q", of: query) else { return Self.unanswerable(query, "q") }
            let limit = min(max(query.parameters["limit"]?.intValue ?? 5, 1), 20)
            let hits = try await peers.searchRunbooks(words, limit)
            let rows = try hits.map { try JSONValue(encoding: $0) }
            return ReadAnswer(read: query.read, status: .ok, value: .int(hits.count), unit: "count", rows: rows)
        case "runbook.get":
            guard let id = Self.text("id", of: query) else { return Self.unanswerable(query, "id") }
            let document = try await peers.runbook(id)
            return ReadAnswer(read: query.read, status: .ok, value: document)
        case "past.incidents": return try await recall(query, in: record)
        default:
            return ReadAnswer(read: query.read, status: .unsupported, reason: "no such read; see the list of reads")
        }
    }

    /// A parameter as Observer would take it.
    private static func text(_ name: String, of query: ReadQuery) -> String? {
        query.parameters[name]?.stringValue.flatMap { $0.isEmpty || $0.utf8.count > longest ? nil : $0 }
    }

    private static let longest = 2_000

    /// One question that makes no sense does not cost the answers to the others.
    private static func unanswerable(_ query: ReadQuery, _ parameter: String) -> ReadAnswer {
        let reason = "parameters.\(parameter) has to be a text of 1 to \(longest) bytes"
        return ReadAnswer(read: query.read, status: .unsupported, reason: reason)
    }

    private func recall(_ query: ReadQuery, in record: IncidentRecord) async throws -> ReadAnswer {
        let handicap = handicaps.current()
        guard let moment = handicap?.memoryBefore, handicap?.withheldReads.contains("past") != true else {
            return ReadAnswer(read: query.read, status: .unsupported, reason: "memory is off")
        }
        return try await memory.recall(query, in: record, before: moment)
    }
}
