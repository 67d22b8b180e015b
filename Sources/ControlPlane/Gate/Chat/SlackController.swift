import OpsHTTP
import OpsModel
import OpsService

/// Where a chat calls back when somebody presses a button.
///
/// The route is open: who calls is known by the signature over the bytes that came, and who pressed by the map of users.
struct SlackController: Sendable {
    /// Bytes of a callback; a chat sends the message back with it.
    static let largest = 65_536

    var desk: ChatDesk
    var replays = ReplayTable()
    var client = HTTPClient()
    /// A forged callback costs a digest, so that there may be some, and not any number.
    var allowance = RateLimiter(perSecond: 20, burst: 200)

    func register(in router: inout Router) {
        router.post(
            "/slack/actions",
            summary: "Take a button that was pressed in a chat",
            access: .open,
            form: ["type": "object", "properties": ["payload": ["type": "string"]]],
            handler: answering { try await take($0) }
        )
    }

    private func take(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard request.body.count <= Self.largest else {
            throw HTTPError(status: 413, code: "body_too_large", message: "The callback is too long.")
        }
        if let wait = allowance.take("all") {
            throw HTTPError.tooMany("Too many callbacks.", retryAfter: Int(wait.components.seconds) + 1)
        }
        try check(request, at: .now())
        let callback = try SlackCallback(request)
        let answer = SlackMessage.answer(try await desk.decide(callback))
        tell(answer, to: callback.answersTo)
        return HTTPResponse(
            status: 200,
            headers: ["Content-Type": "application/json"],
            body: .bytes(try OpsJSON.encode(answer))
        )
    }

    private func check(_ request: HTTPRequest, at now: Timestamp) throws(HTTPError) {
        let (signatures, times) = (
            request.headers.all("X-Slack-Signature"), request.headers.all("X-Slack-Request-Timestamp")
        )
        let signature = SlackSignature(secret: desk.configuration.secret)
        guard signatures.count == 1, times.count == 1 else { throw Self.unsigned }
        switch signature.judge(signatures[0], times[0], request.body, at: now) {
        case .wrong: throw Self.unsigned
        case .old: throw HTTPError(status: 401, code: "signature_old", message: "The callback is from another time.")
        case .good: break
        }
        // The digits of a digest may be written large or small.
        guard replays.takes(signatures[0].lowercased(), at: now) else {
            throw .conflict("replayed", "This callback has been taken in.")
        }
    }

    private static let unsigned = HTTPError(
        status: 401,
        code: "signature_wrong",
        message: "The callback is not signed with this gate's secret."
    )

    /// Also to the address that came with it, if that is on the host that was written down; the decision does not wait for it.
    private func tell(_ answer: JSONValue, to address: String?) {
        guard let address else { return }
        guard desk.configuration.mayAnswer(address) else {
            return desk.logger.warning("no answer is sent to a host that nobody wrote down")
        }
        let (client, logger) = (client, desk.logger)
        Task {
            do {
                var request = HTTPClientRequest(method: .post, url: address, timeout: .seconds(3), retries: 0)
                request.headers["Content-Type"] = "application/json"
                request.body = try OpsJSON.encode(answer)
                _ = try await client.send(request)
            } catch {
                logger.warning("chat not answered", ["gate.error": .string("\(error)")])
            }
        }
    }
}
