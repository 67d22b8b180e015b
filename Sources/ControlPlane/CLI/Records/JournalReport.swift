import AgentOps
import OpsRuntime
import OpsSystem
import OpsTrust

/// What was found in the journal that a service keeps for itself.
struct JournalReport: Encodable {
    /// Whose journal it is.
    var service: String
    /// How many whole lines there are.
    var lines: Int
    /// How many audit rows name one of them.
    var compared: Int
    /// What does not fit.
    var problems: [String]

    var isWhole: Bool { problems.isEmpty }

    /// Checks every journal below the directories of the services that keep one.
    static func all(_ layout: InstanceLayout, rows: [AuditRow]) throws -> [JournalReport] {
        var reports: [JournalReport] = []
        for service in ["action", "chaos"] {
            for directory in journals(below: layout.service(service), depth: 5) {
                let name = String(directory.dropFirst(layout.lab.count + 1))
                reports.append(try check(directory, name, rows.filter { $0.journalWriter == name }))
            }
        }
        return reports
    }

    /// The directories that hold journal segments.
    private static func journals(below directory: String, depth: Int) -> [String] {
        guard depth > 0, let names = try? FileSystem.list(directory) else { return [] }  // a service that never started
        if names.contains(where: { $0.hasPrefix("journal.") || $0.hasSuffix(".journal") }) { return [directory] }
        return names.sorted().filter { FileSystem.isDirectory("\(directory)/\($0)") }
            .flatMap { journals(below: "\(directory)/\($0)", depth: depth - 1) }
    }

    private static func check(_ directory: String, _ name: String, _ rows: [AuditRow]) throws -> JournalReport {
        let (lines, torn) = try Journal.read(directory)
        var problems = torn > 0 ? ["\(torn) bytes or lines are damaged"] : []
        for row in rows {
            guard let number = row.journalNumber, lines.indices.contains(number - 1) else {
                problems.append("audit row \(row.seq) names line \(row.journalNumber ?? 0), which is not there")
                continue
            }
            if Digest.sha256(lines[number - 1]).hex != row.journalHash {
                problems.append("line \(number) is not the one that audit row \(row.seq) names")
            }
        }
        return JournalReport(service: name, lines: lines.count, compared: rows.count, problems: problems)
    }
}
