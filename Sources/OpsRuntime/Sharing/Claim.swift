public import OpsModel

/// Says that a repair gave a resource its present value on purpose.
///
/// A value such as a flag has no owner one could read off it. The claim tells the undo of a fault that the value now
/// belongs to a repair. Only repairs write claims; faults read them.
public struct Claim: Hashable, Sendable, Codable {
    /// How far the repair has come.
    public enum State: String, Hashable, Sendable, Codable {
        /// About to change the resource; the truth is in the resource itself.
        case intended
        /// Changed it; a live value equal to ``Claim/fingerprint`` belongs to the repair.
        case done
        /// Did not change it, or took the change back: as if there were no claim.
        case abandoned
    }

    /// What is claimed.
    public var resource: SharedResource
    /// Counts the claims of this resource.
    public var generation: Int
    /// The run of the action that claims it.
    public var actionID: String
    /// How far the repair has come.
    public var state: State
    /// What the value is, or will be, in the resource's own terms: usually a SHA-256 in hexadecimal digits.
    public var fingerprint: String?
    /// When the claim was written.
    public var at: Timestamp

    enum CodingKeys: String, CodingKey {
        case resource, generation, state, at
        case actionID = "action_id"
        case fingerprint = "value_fingerprint"
    }

    /// A claim with all its parts.
    public init(
        resource: SharedResource,
        generation: Int,
        actionID: String,
        state: State,
        fingerprint: String? = nil,
        at: Timestamp
    ) {
        self.resource = resource
        self.generation = generation
        self.actionID = actionID
        self.state = state
        self.fingerprint = fingerprint
        self.at = at
    }

    /// Whether a repair owns the resource, given the value that is live now.
    public func owns(live: String) -> Bool { state == .done && fingerprint == live }
}
