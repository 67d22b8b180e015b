internal import OpsModel

/// One notable log line, as a row of `lab.log_lines`.
struct TelemetryLine: Hashable, Sendable {
    var at: Timestamp
    var component: String
    var instance: String
    var template: String
    var record: LogRecord

    /// Bytes of a message that are kept.
    private static let longest = 2_000

    /// The template's name: the same component, level and words always give the same one.
    var templateID: String { PageFingerprint.of(journey: template, alert: "\(component)|\(record.level)") }

    var document: JSONValue {
        let code = record.codes.sorted { $0.key < $1.key }.first?.value
        return [
            "at": .string(at.description), "component": .string(component), "instance": .string(instance),
            "level": .string(record.level), "template_id": .string(templateID), "template": .string(template),
            "code": code.map { .string($0) } ?? .null, "trace_id": record.traceID.map { .string($0) } ?? .null,
            "message": .string(String(record.message.prefix(Self.longest)).replacing("\u{0}", with: "")),
        ]
    }
}
