import OpsModel
import OpsSpec

/// Reads alerts as pages about one system, and says of each what of it that system does not have.
///
/// An alert that names neither a journey nor a component of the system is a page all the same: whoever routed it to the gate
/// wanted somebody to look.
struct AlertReader: Sendable {
    private let journeys: Set<String>
    /// Components and their instances.
    private let components: Set<String>

    /// Characters of a name, and bytes of a sentence without its remark.
    static let name = 200
    static let sentence = RecordBounds.text - 1_024

    init(_ topology: Topology) {
        self.init(
            journeys: topology.journeys.map(\.name),
            components: topology.components.flatMap { [$0.name] + $0.instanceNames }
        )
    }

    init(journeys: [String], components: [String]) {
        self.journeys = Set(journeys)
        self.components = Set(components)
    }

    func pages(_ message: AlertmanagerMessage) throws(GateRefusal) -> [Page] {
        var pages: [Page] = []
        for alert in message.alerts { pages.append(try page(alert)) }
        return pages
    }

    func page(_ alert: AlertmanagerMessage.Alert) throws(GateRefusal) -> Page {
        try Self.check(alert)
        let journey = Self.tidied(alert.labels["journey"])
        let component = Self.tidied(alert.labels["component"])
        let remark = remark(journey: journey, component: component)
        let said = Self.sentence(of: alert, about: journey ?? component)
        return Page(
            fingerprint: alert.fingerprint,
            journey: journey ?? "",
            component: component,
            status: alert.status,
            severity: Self.tidied(alert.labels["severity"]) ?? "page",
            summary: remark.map { "\(said) (\($0))" } ?? said,
            goodRatio: Self.number(alert.annotations["good_ratio"]),
            objective: Self.number(alert.annotations["objective"]),
            burn: Self.number(alert.annotations["burn"]),
            startedAt: alert.startsAt,
            endedAt: alert.status == .resolved ? alert.endsAt.flatMap { Self.isSane($0) ? $0 : nil } : nil
        )
    }

    private func remark(journey: String?, component: String?) -> String? {
        if let journey, !journeys.contains(journey) { return "the topology has no journey \(journey)" }
        if let component, !components.contains(component) { return "the topology has no component \(component)" }
        return journey == nil && component == nil ? "the alert names neither journey nor component" : nil
    }

    /// What decides whether two messages are about one alert has to be sound; the rest is only words.
    private static func check(_ alert: AlertmanagerMessage.Alert) throws(GateRefusal) {
        let mark = alert.fingerprint.utf8
        guard (1...64).contains(mark.count), mark.allSatisfy(isMark) else {
            throw GateRefusal(
                .alertInvalid,
                "an alert's fingerprint is 1 to 64 letters, digits or any of _ . : -",
                hint: "an Alertmanager sends 16 hexadecimal digits"
            )
        }
        guard isSane(alert.startsAt) else {
            throw GateRefusal(.alertInvalid, "an alert began in a year that is not between 1970 and 2199")
        }
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "_.:-".utf8.contains(byte)
        }
    }

    private static func isSane(_ moment: Timestamp) -> Bool { (0..<7_258_118_400).contains(moment.secondsSinceEpoch) }

    private static func sentence(of alert: AlertmanagerMessage.Alert, about what: String?) -> String {
        if let said = cut(alert.annotations["summary"], to: sentence) { return said }
        let name = tidied(alert.labels["alertname"]) ?? "an alert without a name"
        return what.map { "\(name): \($0)" } ?? name
    }

    /// A label as a name; nil when it is missing or empty.
    private static func tidied(_ label: String?) -> String? {
        guard let label, !label.isEmpty else { return nil }
        return storable(label.unicodeScalars.prefix(name))
    }

    /// The beginning of a text, as much as fits into so many bytes; nil when there is none.
    private static func cut(_ text: String?, to bytes: Int) -> String? {
        guard let text, !text.isEmpty else { return nil }
        guard text.utf8.count > bytes else { return storable(text.unicodeScalars[...]) }
        var left = bytes
        let head = text.unicodeScalars.prefix {
            left -= UTF8.width($0)
            return left >= 0
        }
        return storable(head) + "…"
    }

    /// The database keeps every character but one.
    private static func storable(_ scalars: Substring.UnicodeScalarView) -> String {
        String(Substring(scalars)).replacing("\u{0}", with: "\u{FFFD}")
    }

    private static func number(_ text: String?) -> Double? {
        text.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
    }
}
