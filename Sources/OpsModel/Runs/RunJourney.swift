/// One journey over a run.
public struct RunJourney: Codable, Hashable, Sendable {
    /// Its name.
    public var journey: String
    /// The promised share of good requests.
    public var objective: Double
    /// Good requests.
    public var good: Int
    /// Bad requests.
    public var bad: Int

    /// Puts the parts together as given.
    public init(journey: String, objective: Double, good: Int, bad: Int) {
        self.journey = journey
        self.objective = objective
        self.good = good
        self.bad = bad
    }
}
