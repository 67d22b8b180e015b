import OpsModel
public import OpsTrust

/// Walks a chain row by row and says what does not fit; reads nothing by itself.
///
/// It finds every change, removal, insertion and reordering before the last checkpoint, and every cut that reaches behind
/// one. Rows after the last checkpoint can be cut off without a trace by whoever owns the database.
public struct AuditVerifier: Sendable {
    /// Something that does not fit.
    public struct Problem: Hashable, Sendable, Codable {
        /// The number of the row.
        public var seq: Int
        /// What is wrong with it.
        public var message: String
    }

    /// What was found in all.
    public struct Report: Hashable, Sendable, Codable {
        /// The organisation whose chain it is.
        public var organisation: String
        /// How many rows there are.
        public var rows: Int
        /// How many rows had their text erased.
        public var erased: Int
        /// How many genuine checkpoints were compared.
        public var checkpoints: Int
        /// The number up to which a checkpoint vouches for the chain.
        public var covered: Int
        /// What does not fit, in the order of the chain.
        public var problems: [Problem]

        /// Whether everything fits.
        public var isWhole: Bool { problems.isEmpty }
    }

    private var head = AuditHead.genesis
    private var report: Report
    private var checkpoints: [Int: [AuditCheckpoint]]
    private let lastCheckpoint: Int

    /// Begins at the start of an organisation's chain.
    public init(organisation: String, checkpoints: [AuditCheckpoint] = [], keys: [PublicKey] = []) {
        let own = checkpoints.filter { $0.organisation == organisation }
        let genuine = own.filter { $0.isGenuine(keys) }
        report = Report(
            organisation: organisation,
            rows: 0,
            erased: 0,
            checkpoints: genuine.count,
            covered: 0,
            problems: own.filter { !genuine.contains($0) }.map {
                Problem(seq: $0.seq, message: "a checkpoint is not genuine")
            }
        )
        self.checkpoints = Dictionary(grouping: genuine, by: \.seq)
        lastCheckpoint = genuine.map(\.seq).max() ?? 0
    }

    /// The next row in order.
    public mutating func take(_ row: AuditRow) {
        report.rows += 1
        if row.seq != head.seq + 1 { complain(row.seq, "follows row \(head.seq): rows are missing or out of order") }
        if row.previous != head.hash { complain(row.seq, "does not continue the row before it") }
        if row.hash != row.expectedHash { complain(row.seq, "was changed: its hash is not that of its content") }
        switch row.changes {
        case nil: report.erased += 1
        case let text?:
            if Digest.sha256(text).hex != row.changesDigest {
                complain(row.seq, "was changed: its text has another digest")
            }
        }
        for checkpoint in checkpoints[row.seq] ?? [] { compare(row, checkpoint) }
        head = AuditHead(seq: row.seq, hash: row.hash)
    }

    private mutating func compare(_ row: AuditRow, _ checkpoint: AuditCheckpoint) {
        if checkpoint.hash == row.hash {
            report.covered = max(report.covered, row.seq)
        } else {
            complain(row.seq, "is not the row that the checkpoint of \(checkpoint.at) names")
        }
    }

    /// Ends the walk with what the database says is the end of the chain.
    public mutating func finish(_ end: AuditHead) -> Report {
        if end != head { complain(end.seq, "the head row names another end than row \(head.seq)") }
        if lastCheckpoint > head.seq {
            complain(head.seq + 1, "the chain was cut: a checkpoint knows row \(lastCheckpoint)")
        }
        report.problems.sort { $0.seq < $1.seq }
        return report
    }

    private mutating func complain(_ seq: Int, _ message: String) {
        report.problems.append(Problem(seq: seq, message: message))
    }
}
