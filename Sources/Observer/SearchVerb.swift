internal import OpsModel
internal import OpsService
internal import OpsSpec

/// `Observer search`: the runbook index over files, for a person at the shell.
enum SearchVerb {
    /// Prints hits best first; 0 when there are some, 1 when not, 2 for wrong usage, 69 for a folder that cannot be read.
    static func run(_ arguments: [String]) -> Int32 {
        let isJSON = arguments.contains("--json")
        let words = arguments.filter { $0 != "--json" }
        guard words.count >= 2, !words.contains("--help") else {
            print(
                "Usage: Observer search FOLDER WORDS… [--json]\n\nExit codes: 0 found, 1 nothing found, 2 usage, 69 unreadable."
            )
            return words.contains("--help") ? 0 : 2
        }
        do {
            let shelf = try RunbookShelf(folder: words[0])
            for problem in shelf.problems { Logger.standardError(Array("\(problem)\n".utf8)) }
            let hits = shelf.index.search(words.dropFirst().joined(separator: " "))
            print(isJSON ? try OpsJSON.string(hits) : hits.map(line).joined(separator: "\n"))
            return hits.isEmpty ? 1 : 0
        } catch {
            Logger.standardError(Array("\(error)\n".utf8))
            return 69
        }
    }

    private static func line(_ hit: RunbookHit) -> String {
        "\(hit.path):\(hit.firstLine)-\(hit.lastLine)  \(hit.title)\(hit.isStale ? "  (stale)" : "")"
    }
}
