public import OpsModel

/// One fault that the injector offers.
public struct FaultOffer: Codable, Hashable, Sendable {
    /// Its name.
    public var fault: String
    /// The route that begins it.
    public var path: String
    /// One sentence for people.
    public var title: String
    /// What becomes of it when its target starts anew.
    public var persistence: FaultClass
    /// Kinds of component it can break.
    public var targets: [String]
    /// JSON Schema of `with`.
    public var parameters: JSONValue
    /// What ends it by right before its lease is over.
    public var yieldsTo: [String]
    /// The unit of requested and achieved intensity.
    public var unit: String
    /// By which share of what was requested it may fall short; beyond that it is taken back.
    public var tolerance: Double
    /// Whether less is enough where its target has less to give.
    public var orWhatIsLeft: Bool
    /// How it is brought about, by processes.
    public var mechanism: String
    /// How it is brought about in containers.
    public var inContainers: String
    /// Reads that tell it from its neighbours.
    public var signs: [String]
    /// Seconds within which customers are contented again once it has been taken back.
    public var baselineWithinS: Double
    /// What the component that is broken has to have: `strains`, `links`, `entries`, `volume`, `memory`, `queue`, `proxy`, `descriptors`.
    public var needs: [String]
    /// What its end does for a target that does not get well by itself; nil where it does.
    public var relief: String?

    private enum CodingKeys: String, CodingKey {
        case fault, path, title, targets, parameters, unit, tolerance, mechanism, signs, needs, relief
        case persistence = "class"
        case yieldsTo = "yields_to"
        case orWhatIsLeft = "or_what_is_left"
        case inContainers = "in_containers"
        case baselineWithinS = "baseline_within_s"
    }
}
