import OpsModel
import OpsScenario
import OpsSystem

/// A run's report on disk: JSON for programs, Markdown for people.
struct RunReportFile: Sendable {
    var directory: String

    /// Writes both and gives the path of the one for people.
    func write(_ report: RunReport, told lines: [String]) throws -> String {
        try FileSystem.makeDirectory(directory, mode: 0o700)
        let name = report.incident ?? report.run
        try FileSystem.writeAtomically(
            try OpsJSON.encode(report, pretty: true),
            to: "\(directory)/\(name).json",
            mode: 0o600
        )
        let path = "\(directory)/\(name).md"
        try FileSystem.writeAtomically(Array(markdown(report, lines).utf8), to: path, mode: 0o600)
        return path
    }

    /// Keeps what the verdict rests on, so that another judge can look at it.
    func write(_ record: RunRecord) throws {
        try FileSystem.makeDirectory(directory, mode: 0o700)
        let path = "\(directory)/\(record.run)\(Self.recordSuffix)"
        try FileSystem.writeAtomically(try OpsJSON.encode(record, pretty: true), to: path, mode: 0o600)
    }

    /// Keeps what somebody's own agent wrote for its maker; the text is foreign, and stays as it is.
    func write(remarks: String, of report: RunReport) throws -> String {
        let path = "\(directory)/\(report.incident ?? report.run).agent.log"
        try FileSystem.writeAtomically(remarks, to: path)
        return path
    }

    /// The end of the name of what a verdict rests on.
    static let recordSuffix = ".record.json"

    /// What an old verdict rests on, by the run's name or its incident's.
    func record(of word: String) throws -> RunRecord? {
        let direct = "\(directory)/\(word)\(Self.recordSuffix)"
        if FileSystem.exists(direct) { return try read(direct) }
        let report = "\(directory)/\(word).json"
        guard FileSystem.exists(report) else { return nil }
        let run = try OpsJSON.decode(RunReport.self, from: FileSystem.read(report)).run
        return try read("\(directory)/\(run)\(Self.recordSuffix)")
    }

    private func read(_ path: String) throws -> RunRecord {
        try OpsJSON.decode(RunRecord.self, from: FileSystem.read(path))
    }

    private func markdown(_ report: RunReport, _ lines: [String]) -> String {
        var text = "# \(report.passed ? "Passed" : "Failed"): \(report.verdict)\n\n\(report.reason)\n\n"
        text += "| | |\n|---|---|\n"
        for (name, value) in facts(report) { text += "| \(name) | \(value) |\n" }
        text += "\n## As it happened\n\n```text\n" + lines.joined(separator: "\n") + "\n```\n"
        return text
    }

    private func facts(_ report: RunReport) -> [(String, String)] {
        [
            ("run", report.run), ("scenario", "\(report.scenario), seed \(report.seed)"),
            ("isolation", report.isolation), ("agent", "\(report.agent), \(report.autonomy.rawValue)"),
            ("cause", report.cause.map { "\($0.component) · \($0.mechanism)" } ?? "none named"),
            ("expected", report.expectedCause.map { "\($0.component) · \($0.mechanism)" } ?? "none"),
            ("page after", report.detectS.map(seconds) ?? "-"), ("cause after", report.localiseS.map(seconds) ?? "-"),
            ("service back after", report.serviceBackS.map(seconds) ?? "-"),
            ("approver's time", seconds(report.approverWaitS)),
            ("actions", report.actions.map(\.action).joined(separator: ", ")),
            ("commitment", "\(report.commitment), opened by nonce \(report.nonce)"),
        ]
    }
}
