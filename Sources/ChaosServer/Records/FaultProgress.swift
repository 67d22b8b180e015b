import OpsModel

/// Which state of which fault has been told already, as an event and as a row; decides what is news.
///
/// Each is marked once whoever keeps it has taken it, so that an end at any moment loses neither: what is not marked is told at
/// the next start.
struct FaultProgress: Codable, Equatable, Sendable {
    /// The last state told as an event, by fault.
    private(set) var told: [String: FaultState] = [:]
    /// The last state that the table has, by fault.
    private(set) var stored: [String: FaultState] = [:]

    init() {}

    /// A file that an earlier version wrote knows of no rows: they are written once more.
    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.told = try members.decode([String: FaultState].self, forKey: .told)
        self.stored = try members.decodeIfPresent([String: FaultState].self, forKey: .stored) ?? [:]
    }

    private enum CodingKeys: String, CodingKey { case told, stored }

    /// Whether nothing more can become of a fault, so that its journal need not be read again.
    func isOver(_ id: String) -> Bool { self.told[id] == self.stored[id] && self.told[id].map(Self.isLast) == true }

    /// Whether there are faults of which more is to come.
    var hasOpen: Bool { self.told.values.contains { !Self.isLast($0) } }

    static func isLast(_ state: FaultState) -> Bool {
        switch state {
        case .reverted, .superseded, .refused: true
        default: false
        }
    }

    /// Forgets what is told of faults that there are no journals of any more.
    mutating func keep(_ ids: some Sequence<String>) {
        let ids = Set(ids)
        self.told = self.told.filter { ids.contains($0.key) }
        self.stored = self.stored.filter { ids.contains($0.key) }
    }

    func isNews(_ record: FaultRecord) -> Bool { self.told[record.id] != record.state }
    func lacksRow(_ record: FaultRecord) -> Bool { self.stored[record.id] != record.state }

    mutating func tell(_ record: FaultRecord) { self.told[record.id] = record.state }
    mutating func store(_ record: FaultRecord) { self.stored[record.id] = record.state }
}
