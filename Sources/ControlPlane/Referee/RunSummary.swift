import OpsModel
import OpsSpec

/// The last lines of a run: verdict, times, harm, and where to look next.
struct RunSummary: Sendable {
    var report: RunReport

    var lines: [String] {
        [headline, times, costs] + harm
    }

    /// A plain pass needs no second word for it.
    private var headline: String {
        let words = [report.verdict == Verdict.passed.rawValue ? "" : report.verdict, report.reason]
        return "\(report.passed ? "PASSED" : "FAILED")   \(words.filter { !$0.isEmpty }.joined(separator: " · "))"
    }

    private var times: String {
        let parts = [
            report.detectS.map { "page \(seconds($0))" },
            report.localiseS.map { "cause \(seconds($0))" },
            report.serviceBackS.map {
                "service back \(seconds($0)) without the approver's \(seconds(report.approverWaitS))"
            },
        ]
        return "         " + parts.compactMap(\.self).joined(separator: " · ")
    }

    private var costs: String {
        let census = report.leakedFaults == 0 ? "nothing left behind" : "\(report.leakedFaults) not as it was found"
        return
            "         \(report.actions.count) \(report.actions.count == 1 ? "action" : "actions"), \(report.unneededActions) unneeded, "
            + "\(report.unauthorisedActions) unauthorised · census: \(census) · isolation \(report.isolation)"
    }

    private var harm: [String] { (report.collateral + report.census).map { "         ! \($0)" } }
}
