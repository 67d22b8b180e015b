/// What pressing the kill switch did, and what it could not do yet.
public struct KillReport: Codable, Hashable, Sendable {
    /// Whether no new fault is accepted.
    public var latched: Bool
    /// Names the latch for `resume`.
    public var killID: String?
    /// In the words of whoever pressed.
    public var reason: String?
    /// Who pressed.
    public var actor: String?
    /// When.
    public var at: Timestamp?
    /// Faults that were read back as gone.
    public var clean: [String]
    /// Faults whose place somebody else has taken meanwhile.
    public var superseded: [String]
    /// Faults that wait for something.
    public var pending: [PendingFault]
    /// Faults whose undo failed, with what a person has to do.
    public var failed: [PendingFault]

    /// Puts the parts together as given.
    public init(
        latched: Bool,
        killID: String? = nil,
        reason: String? = nil,
        actor: String? = nil,
        at: Timestamp? = nil,
        clean: [String] = [],
        superseded: [String] = [],
        pending: [PendingFault] = [],
        failed: [PendingFault] = []
    ) {
        self.latched = latched
        self.killID = killID
        self.reason = reason
        self.actor = actor
        self.at = at
        self.clean = clean
        self.superseded = superseded
        self.pending = pending
        self.failed = failed
    }

    private enum CodingKeys: String, CodingKey {
        case latched
        case killID = "kill_id"
        case reason
        case actor
        case at
        case clean
        case superseded
        case pending
        case failed
    }
}

extension KillReport {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        latched = try members.decode(Bool.self, forKey: .latched)
        killID = try members.decodeIfPresent(String.self, forKey: .killID)
        reason = try members.decodeIfPresent(String.self, forKey: .reason)
        actor = try members.decodeIfPresent(String.self, forKey: .actor)
        at = try members.decodeIfPresent(Timestamp.self, forKey: .at)
        clean = try members.decodeIfPresent([String].self, forKey: .clean) ?? []
        superseded = try members.decodeIfPresent([String].self, forKey: .superseded) ?? []
        pending = try members.decodeIfPresent([PendingFault].self, forKey: .pending) ?? []
        failed = try members.decodeIfPresent([PendingFault].self, forKey: .failed) ?? []
    }
}

/// A fault that is not gone yet.
public struct PendingFault: Codable, Hashable, Sendable {
    /// Its name.
    public var fault: String
    /// What has to happen first.
    public var waitsFor: String

    /// Puts the parts together as given.
    public init(fault: String, waitsFor: String) {
        self.fault = fault
        self.waitsFor = waitsFor
    }

    private enum CodingKeys: String, CodingKey {
        case fault
        case waitsFor = "waits_for"
    }
}
