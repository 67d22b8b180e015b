import OpsHTTP
import OpsModel

/// Where pages come in.
struct SignalController: Sendable {
    var intake: PageIntake

    func register(in router: inout Router) {
        router.post(
            "/signals/alertmanager",
            summary: "Take an Alertmanager webhook, version 4",
            access: .scope("signal:write"),
            successStatus: 202,
            handler: answering { request in
                let message = try request.json(AlertmanagerMessage.self)
                try Self.check(message)
                try await intake.take(message.pages)
                return .json(["pages": message.pages.count], status: 202, message: "taken")
            }
        )
    }

    private static func check(_ message: AlertmanagerMessage) throws(HTTPError) {
        guard message.version == "4" else {
            throw HTTPError(
                status: 422,
                code: "version_unknown",
                message: "webhook version \(message.version) is not 4"
            )
        }
        guard message.alerts.count <= 100 else {
            throw HTTPError(status: 422, code: "too_many_alerts", message: "at most 100 alerts in one message")
        }
    }
}
