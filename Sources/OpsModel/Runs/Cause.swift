/// A component and what is wrong with it.
public struct Cause: Codable, Hashable, Sendable {
    /// The component, or a link `a->b`.
    public var component: String
    /// A word of the closed list of mechanisms.
    public var mechanism: String

    /// Puts the parts together as given.
    public init(component: String, mechanism: String) {
        self.component = component
        self.mechanism = mechanism
    }
}
