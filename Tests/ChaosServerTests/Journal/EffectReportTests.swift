import OpsModel
import OpsRuntime
import OpsSystem
import Testing

@testable import ChaosServer

@Suite("What an undo writes about many effects")
struct EffectReportTests {
    /// As many effects as the largest fault has, each superseded by content of its own.
    private let reports: [EffectReport]

    init() throws {
        let root = try #require(FileSystem.inode("/"))
        self.reports = (0..<2_000).map { Self.report($0, root) }
    }

    private static func report(_ number: Int, _ directory: FileSystem.Inode) -> EffectReport {
        let outcome: EffectOutcome =
            number.isMultiple(of: 4) ? .reverted : .superseded(seen: .of("entry \(number)"))
        let change = FileChange(
            path: "/cache/\(number)",
            staged: "/cache/\(number).x",
            directory: directory,
            before: .absent,
            ours: .of("\(number)")
        )
        return EffectReport(
            Effect(resource: .directory("cache"), token: "t", change: .file(change)),
            outcome
        )
    }

    @Test("the closing line of the largest fault fits into the room kept for it, many times over")
    func bounded() throws {
        var line = JournalLine(.closed(.superseded))
        line.outcomes = self.reports
        #expect(try OpsJSON.encode(line).count > FaultStore.reserve)
        line.outcomes = EffectReport.summary(of: self.reports)
        #expect(try OpsJSON.encode(line).count < FaultStore.reserve / 16)
    }

    @Test("nothing is lost from the counts, and the first details are kept")
    func counts() throws {
        let summary = EffectReport.summary(of: self.reports)
        #expect(EffectReport.counts(summary) == ["reverted": 500, "superseded": 1_500])
        #expect(EffectReport.counts(self.reports) == EffectReport.counts(summary))
        #expect(EffectReport.summary(of: summary) == summary)
        let detail = try #require(summary.first { $0.outcome == "superseded" }?.detail)
        #expect(detail.split(separator: "; ").count == 3)
        #expect(detail.contains(Fingerprint.of("entry 1").rawValue))
    }

    @Test("a line without counts, written by an earlier version, stands for itself")
    func earlier() throws {
        let bytes = Array(#"{"resource":"directory.cache","outcome":"reverted"}"#.utf8)
        let report = try OpsJSON.decode(EffectReport.self, from: bytes)
        #expect(EffectReport.counts([report, report]) == ["reverted": 2])
    }
}
