import AgentOps
import OpsModel

/// Knows whether the audit chain fits together, by walking all of it.
///
/// A walk reads every row, so that nobody can keep the gate busy by asking: what was found is good for some seconds, and one
/// who asks during a walk hears of the one before.
actor ChainWatch {
    private let walk: @Sendable () async throws -> AuditVerifier.Report
    private let freshFor: Duration
    private var last: (state: AuditChainState, at: ContinuousClock.Instant)?
    private var isWalking = false

    /// Problems that are told; the first explains the rest.
    private static let told = 20

    init(freshFor: Duration = .seconds(5), walk: @escaping @Sendable () async throws -> AuditVerifier.Report) {
        self.freshFor = freshFor
        self.walk = walk
    }

    func state() async throws -> AuditChainState {
        if let last, isWalking || ContinuousClock.now - last.at < freshFor { return last.state }
        isWalking = true
        defer { isWalking = false }
        let moment = Timestamp.now()
        let state = try await look(at: moment)
        last = (state, .now)
        return state
    }

    /// Checkpoints that somebody changed are told like any other problem: they are there to be believed.
    private func look(at moment: Timestamp) async throws -> AuditChainState {
        do {
            let report = try await walk()
            return AuditChainState(
                isWhole: report.isWhole,
                rows: report.rows,
                covered: report.covered,
                checkpoints: report.checkpoints,
                problems: report.problems.prefix(Self.told).map { .init(seq: $0.seq, message: $0.message) },
                verifiedAt: moment
            )
        } catch let failure as AgentOpsError {
            let problem = AuditChainState.Problem(seq: 0, message: failure.message)
            return AuditChainState(
                isWhole: false,
                rows: 0,
                covered: 0,
                checkpoints: 0,
                problems: [problem],
                verifiedAt: moment
            )
        }
    }
}
