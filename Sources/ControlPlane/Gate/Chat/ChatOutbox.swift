import OpsHTTP
import OpsModel
import OpsService

/// Tells the chat of every question that opens, at least once, and not for ever.
///
/// The question itself is what is kept: a row of the outbox for each says whether it was told. A gate that dies in between tells it
/// at its next start, as long as it waits.
struct ChatOutbox: Service {
    /// How often one message is tried.
    static let tries = 5

    var store: PostgresGateStore
    var changed: ChangeSignal
    var configuration: ChatConfiguration
    var logger: Logger
    var client = HTTPClient()

    func run() async throws {
        while !Task.isCancelled {
            await tellAll()
            await changed.wait(atMost: .seconds(1))
        }
    }

    /// One pass over the questions that wait.
    func tellAll() async {
        do {
            for record in try await store.openRecords() {
                for detail in record.approvals where detail.approval.isOpen(at: .now()) {
                    guard try await store.claimMessage(about: detail.approval, most: Self.tries) else { continue }
                    try await tell(detail)
                }
            }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("chat waits", ["gate.error": .string("\(error)")])
        }
    }

    private func tell(_ detail: ApprovalDetail) async throws {
        var request = HTTPClientRequest(method: .post, url: configuration.webhook, timeout: .seconds(3), retries: 0)
        request.headers["Content-Type"] = "application/json"
        request.body = try OpsJSON.encode(SlackMessage(detail: detail).document)
        do {
            let response = try await client.send(request)
            if response.isSuccess { return try await store.noteMessage(about: detail.approval) }
            logger.warning("chat refused", ["chat.status": .string("\(response.status)")])
        } catch let error as HTTPClientError {
            logger.warning("chat does not answer", ["gate.error": .string("\(error)")])
        }
    }
}
