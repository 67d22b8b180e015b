import OpsModel

/// What one input made of an incident: the new record, what to tell, and what to have done.
///
/// All three are committed in one transaction, so that a crash leaves either none or all of them.
struct IncidentChange: Equatable, Sendable {
    var record: IncidentRecord
    var events: [Event] = []
    var commands: [OutboxCommand] = []

    struct Event: Equatable, Sendable {
        var type: String
        var message: String
        var payload: JSONValue = .null
    }

    init(_ record: IncidentRecord) { self.record = record }

    mutating func tell(_ type: String, _ message: String, _ payload: JSONValue = .null) {
        events.append(Event(type: type, message: message, payload: payload))
    }
}

/// One action that has to be carried out; its id is the idempotency key, so that carrying it out twice acts once.
struct OutboxCommand: Codable, Equatable, Sendable {
    var id: String
    var incident: String
    var proposal: String
    var step: Int
    var action: String
    var parameters: [String: JSONValue]
    var grant: String
}
