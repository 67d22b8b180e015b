import OpsCommand
import OpsModel
import OpsRuntime
import OpsSpec

/// `opslab runbooks search`.
struct RunbooksSearchCommand: Command {
    static let name = "runbooks search"
    static let summary = "Find runbooks by what is seen, best first, as the agent would"
    static let arguments = [Argument("WORDS", help: "the symptoms in plain words", repeats: true)]
    static let options: [Option] = [
        .value("from", "DIR", help: "the folder (default: the repository's runbooks)"),
        .value("limit", "N", default: "5", help: "at most so many"), .json,
    ]

    private let question: String
    private let folder: String
    private let limit: Int
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        question = parsed.positionals.joined(separator: " ")
        folder = try DocumentLookup.path(parsed.string("from"), or: "runbooks")
        limit = try parsed.int("limit", in: 1...100) ?? 5
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let runbooks = try RunbookFolder.load(folder, shownAs: "runbooks").runbooks
        let hits = RunbookIndex(runbooks, now: .now()).search(question, limit: limit)
        if isJSON {
            Terminal.out(try OpsJSON.string(hits))
        } else if hits.isEmpty {
            Terminal.out("no runbook speaks of that")
        } else {
            Terminal.out(Self.table(hits).render())
        }
        return hits.isEmpty ? ExitCode.failed : ExitCode.ok
    }

    private static func table(_ hits: [RunbookHit]) -> TextTable {
        var table = TextTable(["score", "where", "title", ""], numbers: ["score"])
        for hit in hits {
            let score = "\((hit.score * 100).rounded() / 100)"
            table.add([score, "\(hit.path):\(hit.firstLine)-\(hit.lastLine)", hit.title, hit.isStale ? "stale" : ""])
        }
        return table
    }
}
