/// What a fault would do, worked out as for the fault itself while nothing is done.
public struct FaultPreview: Codable, Hashable, Sendable {
    /// One change that it would make.
    public struct Change: Codable, Hashable, Sendable {
        /// Where it would be found.
        public var mark: FaultMark
        /// How it would be taken back, in words.
        public var undo: String

        /// Puts the parts together as given.
        public init(mark: FaultMark, undo: String) {
            self.mark = mark
            self.undo = undo
        }
    }

    /// The kind of fault.
    public var fault: String
    /// What would become of it when its target starts anew.
    public var persistence: FaultClass
    /// The component that would be broken.
    public var target: String
    /// The instance that would be broken.
    public var instance: String?
    /// Its parameters as given.
    public var with: [String: JSONValue]
    /// The thing of the target that it would hold still around its effect and its undo.
    public var resource: String
    /// How many changes it would make.
    public var effects: Int
    /// The first of them, twenty at most.
    public var changes: [Change]
    /// The intensity asked for, in the fault's unit.
    public var requested: Double?
    /// The unit of the intensity.
    public var unit: String
    /// Seconds it could last.
    public var leaseS: Double
    /// What would end it by right before.
    public var yieldsTo: [String]

    /// Puts the parts together as given; of the changes it keeps the first twenty.
    public init(
        fault: String,
        persistence: FaultClass,
        target: String,
        instance: String? = nil,
        with: [String: JSONValue] = [:],
        resource: String,
        changes: [Change],
        requested: Double? = nil,
        unit: String,
        leaseS: Double,
        yieldsTo: [String]
    ) {
        self.fault = fault
        self.persistence = persistence
        self.target = target
        self.instance = instance
        self.with = with
        self.resource = resource
        effects = changes.count
        self.changes = Array(changes.prefix(20))
        self.requested = requested
        self.unit = unit
        self.leaseS = leaseS
        self.yieldsTo = yieldsTo
    }

    private enum CodingKeys: String, CodingKey {
        case fault, target, instance, with, resource, effects, changes, requested, unit
        case persistence = "class"
        case leaseS = "lease_s"
        case yieldsTo = "yields_to"
    }
}
