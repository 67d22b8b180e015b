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

    private enum CodingKeys: String, CodingKey {
        case fault, path, title, targets, parameters, unit
        case persistence = "class"
        case yieldsTo = "yields_to"
    }
}
