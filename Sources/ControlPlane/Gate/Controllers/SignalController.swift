import OpsHTTP
import OpsModel

/// Where pages come in: from Observer, and from anybody's Alertmanager.
struct SignalController: Sendable {
    var intake: PageIntake
    var reader: AlertReader
    /// Whoever may page can make an agent work, so that each key has an allowance.
    var allowance = RateLimiter(perSecond: 5, burst: 60)

    func register(in router: inout Router) {
        router.post(
            "/signals/alertmanager",
            summary: "Take an Alertmanager webhook, version 4",
            access: .scope("signal:write"),
            request: AlertmanagerMessage.schema,
            response: ["type": "object", "properties": ["pages": ["type": "integer"]]],
            successStatus: 202,
            handler: answering { request in
                try spend(request.principal?.name ?? "")
                let message = try request.json(AlertmanagerMessage.self)
                try Self.check(message)
                var pages = try reader.pages(message)
                let isWitness = request.principal?.scopes.contains("signal:witness") == true
                for index in pages.indices { pages[index].isWitnessed = isWitness }
                try await intake.take(pages)
                return .json(["pages": pages.count], status: 202, message: "taken")
            }
        )
    }

    private func spend(_ caller: String) throws(HTTPError) {
        guard let wait = allowance.take(caller) else { return }
        let seconds = max(1, Int(wait.components.seconds) + 1)
        throw .tooMany("More messages with this key than an Alertmanager sends.", retryAfter: seconds)
    }

    private static func check(_ message: AlertmanagerMessage) throws(HTTPError) {
        guard message.version == "4" else {
            throw HTTPError(
                status: 422,
                code: "version_unknown",
                message: "the webhook is not of version 4",
                hint: "Alertmanager has sent version 4 since 0.6"
            )
        }
        guard message.alerts.count <= AlertmanagerMessage.limit else {
            throw HTTPError(
                status: 422,
                code: "too_many_alerts",
                message: "at most \(AlertmanagerMessage.limit) alerts in one message",
                hint: "set max_alerts: \(AlertmanagerMessage.limit) at the receiver"
            )
        }
    }
}
