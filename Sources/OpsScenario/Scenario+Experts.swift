import OpsModel
public import OpsSpec

extension Scenario {
    /// The runbooks that know its cause, or one that is also right: those with a hypothesis of the same mechanism, by id.
    ///
    /// - Parameter runbooks: All that there are.
    /// - Returns: Their ids, in the same order.
    public func experts(among runbooks: [Runbook]) -> [String] {
        let mechanisms = Set(([expect.cause].compactMap(\.self) + expect.alsoRight).map(\.mechanism))
        return runbooks.filter { $0.hypotheses.contains { mechanisms.contains($0.mechanism.rawValue) } }.map(\.id)
    }
}
