/// All that a monkey is going to do, drawn before it does any of it.
public struct MonkeyPlan: Codable, Hashable, Sendable {
    /// One fault of the plan.
    public struct Entry: Codable, Hashable, Sendable {
        /// Seconds from the start to its beginning.
        public var atS: Double
        /// A name of the catalogue.
        public var fault: String
        /// What is broken, how, and for how long.
        public var request: FaultRequest

        /// Puts the parts together as given.
        public init(atS: Double, fault: String, request: FaultRequest) {
            self.atS = atS
            self.fault = fault
            self.request = request
        }

        private enum CodingKeys: String, CodingKey {
            case fault, request
            case atS = "at_s"
        }
    }

    /// Its name.
    public var id: String
    /// What it was drawn from; with the same catalogue and topology it gives the same entries.
    public var seed: UInt64
    /// What it was drawn for.
    public var order: MonkeyOrder
    /// When it was drawn.
    public var drawnAt: Timestamp
    /// SHA-256 over what could be drawn: faults, components, instances.
    public var basis: String
    /// The plan whose entries these are; nil when they were drawn.
    public var replayOf: String?
    /// In the order of their beginnings.
    public var entries: [Entry]

    /// Puts the parts together as given.
    public init(
        id: String,
        seed: UInt64,
        order: MonkeyOrder,
        drawnAt: Timestamp,
        basis: String,
        replayOf: String? = nil,
        entries: [Entry]
    ) {
        self.id = id
        self.seed = seed
        self.order = order
        self.drawnAt = drawnAt
        self.basis = basis
        self.replayOf = replayOf
        self.entries = entries
    }

    private enum CodingKeys: String, CodingKey {
        case id, seed, order, basis, entries
        case drawnAt = "drawn_at"
        case replayOf = "replay_of"
    }
}
