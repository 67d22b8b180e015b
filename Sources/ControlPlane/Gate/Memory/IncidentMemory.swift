import OpsModel
import OpsTrust

/// What the gate remembers of incidents that are over, as of a moment.
///
/// A memory is frozen by its moment: what ends later is not in it, and what is in it does not change any more. It is read once
/// from the records of the incidents themselves, so that nothing has to be kept twice.
actor IncidentMemory {
    private let store: any GateStore
    private var frozen: (before: Timestamp, incidents: [PastIncident])?

    /// Incidents that are looked back at, at most.
    private static let reach = 200
    /// Whoever knew the cause before it looked: the known behaviours that the referee plays.
    private static let initiated = "agent/proof"
    /// Answers that count as the first look.
    private static let firstLook = 100
    /// Incidents in one answer at most.
    private static let nearest = 5

    init(store: any GateStore) { self.store = store }

    /// The nearest incidents to this one that ended before a moment, the most alike first.
    func recall(_ query: ReadQuery, in record: IncidentRecord, before moment: Timestamp) async throws -> ReadAnswer {
        let look = try await store.evidence(record.incident.id, first: Self.firstLook)
        let signs = IncidentSigns(pages: record.incident.pages, evidence: look)
        let alike = try await incidents(before: moment)
            .map { (past: $0, likeness: signs.likeness(to: IncidentSigns($0.signs))) }
            .filter { $0.likeness > 0 }
            .sorted { ($0.likeness, $0.past.endedAt) > ($1.likeness, $1.past.endedAt) }
            .prefix(Self.nearest)
        return ReadAnswer(
            read: query.read,
            status: .ok,
            value: .int(alike.count),
            unit: "count",
            fields: ["likeness": .double(alike.first?.likeness ?? 0)],
            rows: alike.map { $0.past.row(likeness: $0.likeness) },
            ageS: alike.first.map { max(0, .now() - $0.past.endedAt) }
        )
    }

    /// What the memory as of a moment holds.
    func seal(before moment: Timestamp) async throws -> MemorySeal {
        let incidents = try await incidents(before: moment)
        let digest = Digest.sha256(try OpsJSON.encode(incidents)).hex
        return MemorySeal(before: moment, incidents: incidents.count, digest: digest)
    }

    private func incidents(before moment: Timestamp) async throws -> [PastIncident] {
        if let frozen, frozen.before == moment { return frozen.incidents }
        var incidents: [PastIncident] = []
        let records = try await store.records(endedBefore: moment, notBy: Self.initiated, limit: Self.reach)
        for record in records {
            let look = try await store.evidence(record.incident.id, first: Self.firstLook)
            if let past = PastIncident(record, evidence: look) { incidents.append(past) }
        }
        incidents.sort { ($0.endedAt, $0.incident) < ($1.endedAt, $1.incident) }
        frozen = (moment, incidents)
        return incidents
    }
}
