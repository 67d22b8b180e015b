import OpsModel

/// The body of an Alertmanager webhook, version 4, as far as the gate reads it.
struct AlertmanagerMessage: Decodable, Sendable {
    struct Alert: Decodable, Sendable {
        var status: PageStatus
        var labels: [String: String]
        var annotations: [String: String]
        var startsAt: Timestamp
        var endsAt: Timestamp?
        var fingerprint: String
    }

    var version: String
    var alerts: [Alert]

    /// The alerts as pages; whatever names no journey is a component's own fact and never pages anybody.
    var pages: [Page] { alerts.compactMap(\.page) }
}

extension AlertmanagerMessage.Alert {
    fileprivate var page: Page? {
        guard let journey = labels["journey"], !journey.isEmpty else { return nil }
        return Page(
            fingerprint: fingerprint,
            journey: journey,
            status: status,
            severity: labels["severity"] ?? "page",
            summary: annotations["summary"] ?? "\(journey) burns its error budget",
            goodRatio: annotations["good_ratio"].flatMap(Double.init),
            objective: annotations["objective"].flatMap(Double.init),
            burn: annotations["burn"].flatMap(Double.init),
            startedAt: startsAt,
            endedAt: status == .resolved ? endsAt : nil
        )
    }
}
