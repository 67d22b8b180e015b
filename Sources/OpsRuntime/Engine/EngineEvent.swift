import OpsModel

/// One line of what an engine tells of everything that happens in it; an engine that repeats it says the same.
struct EngineEvent: Hashable, Sendable {
    /// When, by the engine's clock, since 1970-01-01T00:00:00Z.
    var nanoseconds: Int
    /// Whom it happened to, by the engine's own name for it.
    var subject: String
    /// What, such as `start`.
    var action: String
    /// The container's name; nil where it is about something else.
    var container: String?
}

extension EngineEvent {
    /// Reads a line of the engine; nil for one that makes no sense.
    init?(line: some StringProtocol) {
        guard let event = try? OpsJSON.decode(JSONValue.self, from: line.utf8),  // no JSON is no event
            let nanoseconds = event["timeNano"]?.intValue, let subject = event.at("Actor.ID")?.stringValue,
            let action = event["Action"]?.stringValue
        else { return nil }
        let isContainer = event["Type"]?.stringValue == "container"
        let name = isContainer ? event.at("Actor.Attributes.name")?.stringValue : nil
        self.init(nanoseconds: nanoseconds, subject: subject, action: action, container: name)
    }
}
