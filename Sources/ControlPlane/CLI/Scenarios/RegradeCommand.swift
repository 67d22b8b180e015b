import OpsCommand
import OpsModel
import OpsRuntime
import OpsScenario
import OpsSpec
import OpsSystem

/// `opslab regrade`.
struct RegradeCommand: Command {
    static let name = "regrade"
    static let summary = "Judge an old run again, from what its verdict rests on"
    static let discussion = """
        The lab may be down. The scenario is the one of then, whatever became of its file. Exits 0 when the verdict is the same,
        and 1 when it is another one; then it says what changed in the judge.
        """
    static let arguments = [
        Argument("RUN", help: "the name of a run or of its incident, or the path of a .record.json")
    ]
    static let options: [Option] = [LabLookup.option, .json]

    private let lookup: LabLookup
    private let word: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        word = parsed.argument("RUN") ?? ""
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let regrade = try record().regraded()
        if isJSON {
            Terminal.out(try OpsJSON.string(regrade))
        } else {
            for line in Self.lines(regrade) { Terminal.out(Terminal.clean(line)) }
        }
        return regrade.isSame ? ExitCode.ok : ExitCode.failed
    }

    static func lines(_ regrade: Regrade) -> [String] {
        let about = "\(regrade.run)  \(regrade.scenario)"
        if regrade.isSame { return ["\(about)  \(regrade.now.rawValue), as before: \(regrade.reason)"] }
        let versions = "the judge was version \(regrade.judgeThen) and is version \(regrade.judgeNow)"
        return ["\(about)  was \(regrade.was.rawValue), is \(regrade.now.rawValue): \(regrade.reason)", versions]
            + regrade.changes
    }

    private func record() throws -> RunRecord {
        do {
            if word.hasSuffix(RunReportFile.recordSuffix) {
                return try OpsJSON.decode(RunRecord.self, from: FileSystem.read(word))
            }
            let files = RunReportFile(directory: lookup.labIgnoringRecord().layout.reports)
            if let record = try files.record(of: word) { return record }
        } catch {
            throw CommandError(
                "what the verdict of \(Terminal.clean(word)) rests on cannot be read: \(Terminal.clean("\(error)"))",
                exitCode: ExitCode.configuration
            )
        }
        throw CommandError.usage(
            "there is no run \(Terminal.clean(word)) in lab '\(lookup.name)'",
            hint: "the runs of a lab are in its reports/ folder; --instance NAME takes another lab's"
        )
    }
}
