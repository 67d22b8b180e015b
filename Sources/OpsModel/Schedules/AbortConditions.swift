/// What ends a fault of a schedule or of the monkey before its lease does.
///
/// With any of them the fault ends as well when the customers could not be asked for ten seconds: what cannot be watched must
/// not go on.
public struct AbortConditions: Codable, Hashable, Sendable {
    /// Seconds on end for which one journey, counted over the last five, broke its objective.
    public var brokenS: Double?
    /// More faults than this are open, this one and those of others included.
    public var faultsOver: Int?

    /// Puts the parts together as given.
    public init(brokenS: Double? = nil, faultsOver: Int? = nil) {
        self.brokenS = brokenS
        self.faultsOver = faultsOver
    }

    private enum CodingKeys: String, CodingKey {
        case brokenS = "broken_s"
        case faultsOver = "faults_over"
    }
}
