internal import OpsModel

/// The webhook body of Alertmanager, version 4, so that a real Alertmanager could take Observer's place.
struct AlertmanagerMessage: Codable, Hashable, Sendable {
    /// One alert of the group.
    struct Alert: Codable, Hashable, Sendable {
        var status: String
        var labels: [String: String]
        var annotations: [String: String]
        var startsAt: Timestamp
        var endsAt: Timestamp?
        var generatorURL: String
        var fingerprint: String
    }

    var version = "4"
    var groupKey: String
    var truncatedAlerts = 0
    var status: String
    var receiver = "gate"
    var groupLabels: [String: String]
    var commonLabels: [String: String]
    var commonAnnotations: [String: String]
    var externalURL: String
    var alerts: [Alert]

    static let alertName = "JourneyBurn"

    init(page: Page, externalURL: String) {
        let labels = ["alertname": Self.alertName, "journey": page.journey, "severity": page.severity]
        let annotations = Self.annotations(of: page)
        groupKey = "{}:{alertname=\"\(Self.alertName)\", journey=\"\(page.journey)\"}"
        status = page.status.rawValue
        groupLabels = ["alertname": Self.alertName, "journey": page.journey]
        commonLabels = labels
        commonAnnotations = annotations
        self.externalURL = externalURL
        alerts = [
            Alert(
                status: page.status.rawValue,
                labels: labels,
                annotations: annotations,
                startsAt: page.startedAt,
                endsAt: page.endedAt,
                generatorURL: "\(externalURL)/journeys",
                fingerprint: page.fingerprint
            )
        ]
    }

    private static func annotations(of page: Page) -> [String: String] {
        var words = ["summary": page.summary]
        words["good_ratio"] = page.goodRatio.map { "\($0)" }
        words["objective"] = page.objective.map { "\($0)" }
        words["burn"] = page.burn.map { "\($0)" }
        return words
    }
}
