import OpsModel
import OpsSystem

/// A grant that ActionPlane has used up, and what for: read from its journal on disk, not from its answers.
struct GrantedRun: Sendable, Equatable {
    /// The run that it allowed.
    var run: String
    /// The grants used, one for each signature.
    var grants: [String]
    var action: String
    var parameters: [String: JSONValue]
    /// How the run ended; nil while it has not.
    var state: ActionState?

    /// Whether everything that was granted was done, and nothing taken back.
    var isPlain: Bool { self.state == .done }

    /// The runs whose grants were used up since a moment, in order.
    static func read(journal directory: String, since start: Timestamp) throws -> [GrantedRun] {
        try self.runs(in: try Journal.read(directory).records, since: start)
    }

    static func runs(in records: [[UInt8]], since start: Timestamp) throws -> [GrantedRun] {
        var runs: [GrantedRun] = []
        for record in records {
            let entry = try OpsJSON.decode(Entry.self, from: record)
            guard let run = entry.line.run else { continue }
            if entry.kind == "consumed", let at = entry.line.at, at >= start {
                let line = entry.line
                runs.append(
                    GrantedRun(
                        run: run,
                        grants: line.grants ?? [],
                        action: line.action ?? "",
                        parameters: line.parameters ?? [:]
                    )
                )
            }
            if entry.kind == "ended", let index = runs.firstIndex(where: { $0.run == run }) {
                runs[index].state = entry.line.result?.state
            }
        }
        return runs
    }

    /// The members of a journal line that matter here.
    private struct Entry: Decodable {
        struct Line: Decodable {
            var run: String?
            var grants: [String]?
            var action: String?
            var parameters: [String: JSONValue]?
            var result: ActionResult?
            var at: Timestamp?
        }
        var kind: String
        var line: Line
    }
}
