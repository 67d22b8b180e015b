import OpsModel

/// One entry of the catalogue.
struct FaultDescription: Sendable {
    var kind: FaultKind
    /// The route that starts it.
    var path: String
    var title: String
    var persistence: FaultClass
    /// Kinds of component that it can break.
    var targets: [String]
    var parameters: [Parameter]
    /// What ends it by right before its lease is over.
    var yieldsTo: [String]
    /// The unit of requested and achieved intensity.
    var unit: String
    /// How far short of what was requested it may fall.
    var tolerance = Tolerance.exact
    /// How it is brought about.
    var mechanism = ""
    /// How it is brought about in containers, where that differs.
    var inContainers: String?
    /// Reads that tell it from its neighbours.
    var signs: [String] = []
    /// Seconds within which customers are contented again once it has been taken back.
    var baselineWithinS = 10.0
    /// What the component that is broken has to have.
    var needs: [Reach] = []
    /// What its end does for the target where the target does not get well by itself; nil where it does.
    var relief: String?

    /// What not every component of a fault's kinds has.
    enum Reach: String, Hashable, Sendable {
        /// The sockets at which strains are asked for.
        case strains
        /// A list of accepted keys whose place is known.
        case keys
        /// A file that says where the names of those lead that it needs.
        case names
        /// A program beside it that may make rules for its network.
        case links
        /// A proxy in the ways out of it.
        case proxy
        /// A directory whose entries may be replaced.
        case entries
        /// A small volume of its own.
        case volume
        /// A declared limit of its memory.
        case memory
        /// A declared limit of its open descriptors.
        case descriptors
        /// A queue that it takes its work from.
        case queue
    }

    /// The entry as the catalogue shows it.
    var json: JSONValue {
        [
            "fault": .string(self.kind.rawValue), "path": .string(self.path), "title": .string(self.title),
            "class": .string(self.persistence.rawValue), "targets": .array(self.targets.map { .string($0) }),
            "parameters": self.schema, "yields_to": .array(self.yieldsTo.map { .string($0) }),
            "unit": .string(self.unit), "tolerance": .double(self.tolerance.share),
            "or_what_is_left": .bool(self.tolerance.orWhatIsLeft), "mechanism": .string(self.mechanism),
            "in_containers": .string(self.inContainers ?? self.mechanism),
            "signs": .array(self.signs.map { .string($0) }), "baseline_within_s": .double(self.baselineWithinS),
            "relief": self.relief.map { .string($0) } ?? .null,
            "needs": .array(self.needs.map { .string($0.rawValue) }),
        ]
    }

    /// The entry as people read it, for the page about faults.
    var line: String {
        let containers = self.inContainers.map { "; in containers: \($0)" } ?? ""
        let within = self.baselineWithinS == 10 ? "" : " Customers are contented \(Int(self.baselineWithinS)) s after."
        let tolerance = self.tolerance.line.map { " \($0)" } ?? ""
        let relief = self.relief.map { " Relief: \($0)." } ?? ""
        return "- `\(self.kind.rawValue)`: \(self.mechanism)\(containers). Seen in "
            + "\(self.signs.map { "`\($0)`" }.joined(separator: ", ")).\(tolerance)\(within)\(relief)"
    }

    /// JSON Schema of `with`.
    var schema: JSONValue {
        let properties = Dictionary(self.parameters.map { ($0.name, $0.schema) }) { first, _ in first }
        return ["type": "object", "additionalProperties": false, "properties": .object(properties)]
    }
}
