import AgentOps
import OpsCommand
import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem
import OpsTrust

/// `opslab audit verify`.
struct AuditVerifyCommand: Command {
    static let name = "audit verify"
    static let summary = "Check the audit chains against their checkpoints"
    static let discussion = """
        Finds every change, removal, insertion and reordering of rows before the last checkpoint, and every cut that reaches behind
        one. With --journals the services' own journals are checked too, and the rows that name lines of them. Exits 1 when
        something does not fit.
        """
    static let options: [Option] = [
        LabLookup.option, .flag("journals", help: "check the services' journals, too"), .json,
    ]

    private struct Report: Encodable {
        var isWhole: Bool
        var chains: [AuditVerifier.Report]
        var journals: [JournalReport]?

        enum CodingKeys: String, CodingKey {
            case isWhole = "whole"
            case chains, journals
        }
    }

    private let lookup: LabLookup
    private let checksJournals: Bool
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        checksJournals = parsed.flag("journals")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let lab = try lookup.lab()
        let records = LabRecords(lab: lab)
        let gate = lab.layout.service("gate")
        let checkpoints = try AuditCheckpoint.read("\(gate)/audit-checkpoints.jsonl")
        let trust = try OpsJSON.decode(TrustFile.self, from: FileSystem.read("\(gate)/trust.json"))
        let keys = trust.ring.keys.filter { $0.role != .approver }.map(\.publicKey)
        var chains: [AuditVerifier.Report] = []
        var lines: [AuditRow] = []
        for organisation in AgentOpsSchema.organisationNames {
            let pool = try records.pool(organisation: organisation)
            defer { pool.close() }
            chains.append(
                try await AuditVerifier.verify(pool, organisation: organisation, checkpoints: checkpoints, keys: keys)
            )
            if checksJournals { lines += try await AuditTrail.rowsWithJournal(pool) }
        }
        let journals = checksJournals ? try JournalReport.all(lab.layout, rows: lines) : nil
        let isWhole = chains.allSatisfy(\.isWhole) && journals?.allSatisfy(\.isWhole) ?? true
        let report = Report(isWhole: isWhole, chains: chains, journals: journals)
        if isJSON { Terminal.out(try OpsJSON.string(report)) } else { show(report) }
        return isWhole ? ExitCode.ok : ExitCode.failed
    }

    private func show(_ report: Report) {
        for chain in report.chains {
            let word = chain.isWhole ? Terminal.styled("whole", .green) : Terminal.styled("BROKEN", .red)
            Terminal.out(
                "\(chain.organisation): \(word), \(chain.rows) rows, \(chain.checkpoints) checkpoints, vouched for up to row \(chain.covered)"
            )
            for problem in chain.problems { Terminal.out("  row \(problem.seq): \(Terminal.clean(problem.message))") }
        }
        for journal in report.journals ?? [] {
            let word = journal.isWhole ? Terminal.styled("whole", .green) : Terminal.styled("BROKEN", .red)
            Terminal.out(
                "journal of \(journal.service): \(word), \(journal.lines) lines, \(journal.compared) compared with rows"
            )
            for problem in journal.problems { Terminal.out("  \(Terminal.clean(problem))") }
        }
    }
}
