internal import OpsModel

/// Something that somebody changed: a configuration, a flag, a schema, a process, a binary.
struct ChangeEvent: Codable, Hashable, Sendable {
    /// A word of the topology's `changes`: `config`, `flags`, `migrations`, `starts`.
    var kind: String
    /// Components that the change concerns, the most affected first; none when it concerns all.
    var components: [String] = []
    var instance: String?
    var at: Timestamp
    /// One sentence, without secrets.
    var detail: String
    /// The flag that was turned, and whether it was on before.
    var flag: String?
    var was: Bool?
}

/// The changes of the last hour.
struct ChangeBook: Sendable {
    private(set) var events: [ChangeEvent] = []
    /// When watching began: before that nothing is known.
    var since: Timestamp?

    mutating func append(_ event: ChangeEvent) {
        events.append(event)
        events.removeAll { event.at - $0.at > 3_600 }
        if events.count > 500 { events.removeFirst(events.count - 500) }
    }

    /// Changes at or after a moment, newest first.
    func since(_ moment: Timestamp) -> [ChangeEvent] {
        events.filter { $0.at >= moment }.sorted { $0.at > $1.at }
    }
}
