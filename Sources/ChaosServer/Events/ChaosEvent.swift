import OpsModel
import OpsTrust

/// One thing that happened to a fault, or to the kill switch, as it is told outside.
struct ChaosEvent: Codable, Hashable, Sendable {
    enum Kind: String, Codable, CaseIterable, Sendable {
        case requested = "fault.requested"
        case applied = "fault.applied"
        /// A journey broke its objective.
        case felt = "fault.felt"
        /// All journeys held.
        case ineffective = "fault.ineffective"
        /// An undo could not end it yet, or needs a person.
        case unfinished = "fault.unfinished"
        case ended = "fault.ended"
        case killed = "kill.pressed"
        case resumed = "kill.resumed"
        /// Events that a sink did not take in time and will not get.
        case lost = "events.lost"
    }

    /// The same for the same transition, however often and by whichever process it is told.
    var id: String
    var kind: Kind
    var at: Timestamp
    var data: JSONValue

    private enum CodingKeys: String, CodingKey {
        case id, at, data
        case kind = "type"
    }

    /// `subject` is the fault's or the kill's id.
    init(_ kind: Kind, of subject: String, at: Timestamp, _ data: JSONValue) {
        self.id = String(Digest.sha256("opslab/chaos-event/1\0\(kind.rawValue)\0\(subject)").hex.prefix(32))
        self.kind = kind
        self.at = at
        self.data = data
    }
}
