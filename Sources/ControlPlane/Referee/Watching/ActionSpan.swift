import OpsModel

/// The time in which one action can have cost customers something: from the moment it was asked for until shortly after it.
struct ActionSpan: Hashable, Sendable {
    /// How long what an action did is felt at most.
    static let afterS = 10.0

    /// When the action was asked of ActionPlane.
    var from: Timestamp
    /// When what it did is over.
    var to: Timestamp

    /// The actions on an incident's timeline, whatever came of them; one without an end yet ends with its request.
    static func all(in events: [IncidentEvent]) -> [ActionSpan] {
        events.reduce(into: []) { spans, event in
            guard event.type.hasPrefix("action.") else { return }
            if event.type == "action.requested" {
                spans.append(ActionSpan(from: event.at, to: event.at + afterS))
            } else if !spans.isEmpty {
                spans[spans.count - 1].to = event.at + afterS
            }
        }
    }
}
