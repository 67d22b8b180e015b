/// One request for approval of a run.
public struct RunApproval: Codable, Hashable, Sendable {
    /// Its name.
    public var id: String
    /// How it was decided.
    public var state: ApprovalState
    /// By whom.
    public var by: [String]
    /// How long it took.
    public var waitS: Double

    /// Puts the parts together as given.
    public init(
        id: String,
        state: ApprovalState,
        by: [String] = [],
        waitS: Double = 0
    ) {
        self.id = id
        self.state = state
        self.by = by
        self.waitS = waitS
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case state
        case by
        case waitS = "wait_s"
    }
}

extension RunApproval {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        id = try members.decode(String.self, forKey: .id)
        state = try members.decode(ApprovalState.self, forKey: .state)
        by = try members.decodeIfPresent([String].self, forKey: .by) ?? []
        waitS = try members.decodeIfPresent(Double.self, forKey: .waitS) ?? 0
    }
}
