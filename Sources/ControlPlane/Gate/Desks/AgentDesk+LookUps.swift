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
            let limit = min(max(query.parameters["limit"]?.intValue ?? 5, 1), 20)
            let hits = try await peers.searchRunbooks(query.parameters["q"]?.stringValue ?? "", limit)
            let rows = try hits.map { try JSONValue(encoding: $0) }
            return ReadAnswer(read: query.read, status: .ok, value: .int(hits.count), unit: "count", rows: rows)
        case "runbook.get":
            let document = try await peers.runbook(query.parameters["id"]?.stringValue ?? "")
            return ReadAnswer(read: query.read, status: .ok, value: document)
        case "past.incidents": return try await recall(query, in: record)
        default:
            return ReadAnswer(read: query.read, status: .unsupported, reason: "no such read; see the list of reads")
        }
    }

    private func recall(_ query: ReadQuery, in record: IncidentRecord) async throws -> ReadAnswer {
        let handicap = handicaps.current()
        guard let moment = handicap?.memoryBefore, handicap?.withheldReads.contains("past") != true else {
            return ReadAnswer(read: query.read, status: .unsupported, reason: "memory is off")
        }
        return try await memory.recall(query, in: record, before: moment)
    }
}
