internal import OpsModel
internal import OpsSpec
internal import OpsSystem

/// The runbooks as they were when Observer started.
struct RunbookShelf: Sendable {
    let index: RunbookIndex
    /// What is wrong with files that were left out.
    let problems: [String]
    private let texts: [String: String]
    private let loadedAt: Timestamp
    /// Whether every runbook is shown as one that nobody has reviewed for long.
    private var isAllStale = false
    /// What is planted in every text.
    private var planting: Planting?

    /// Reads a folder; without one the shelf is empty.
    init(folder path: String?, now: Timestamp = .now()) throws {
        loadedAt = now
        guard let path else {
            index = RunbookIndex([], now: now)
            problems = []
            texts = [:]
            return
        }
        let folder = try RunbookFolder.load(path, shownAs: "runbooks")
        index = RunbookIndex(folder.runbooks, now: now)
        problems = folder.problems.map { "\($0)" }
        var texts: [String: String] = [:]
        for runbook in folder.runbooks {
            let name = runbook.path.split(separator: "/").last.map(String.init) ?? runbook.path
            texts[runbook.id] = try FileSystem.text("\(path)/\(name)")
        }
        self.texts = texts
    }

    /// The same shelf without what a handicap keeps back, and with what it plants.
    func under(_ handicap: Handicap) -> RunbookShelf {
        RunbookShelf(
            index: RunbookIndex(index.runbooks.filter { !handicap.withholds(runbook: $0.id) }, now: loadedAt),
            problems: problems,
            texts: texts,
            loadedAt: loadedAt,
            isAllStale: handicap.hasStaleRunbooks,
            planting: handicap.plantSeed.map(Planting.init)
        )
    }

    private init(
        index: RunbookIndex,
        problems: [String],
        texts: [String: String],
        loadedAt: Timestamp,
        isAllStale: Bool,
        planting: Planting?
    ) {
        self.index = index
        self.problems = problems
        self.texts = texts
        self.loadedAt = loadedAt
        self.isAllStale = isAllStale
        self.planting = planting
    }

    var summaries: [RunbookSummary] {
        index.runbooks.map { runbook in
            RunbookSummary(
                id: runbook.id,
                title: runbook.title,
                kind: runbook.kind.rawValue,
                path: runbook.path,
                symptoms: runbook.symptoms,
                reviewed: runbook.reviewed,
                isStale: isAllStale || runbook.isStale(at: loadedAt)
            )
        }
    }

    func document(_ id: String) -> RunbookDocument? {
        guard let runbook = index.runbook(id), let text = texts[id] else { return nil }
        return RunbookDocument(
            id: id,
            title: runbook.title,
            path: runbook.path,
            text: planting?.planted(in: text) ?? text,
            isStale: isAllStale || runbook.isStale(at: loadedAt)
        )
    }
}
