import OpsHTTP
import OpsModel
import OpsService
import Synchronization

/// Passes requests to the api instances in turn, each exactly once: whether a request may be repeated is the client's
/// decision, because only the client knows what it meant.
final class Edge: Sendable {
    struct Instance: Sendable {
        var name: String
        var url: String
    }

    let instances: [Instance]
    private let rotation: Mutex<Rotation>
    private let http: HTTPClient
    private let meter: CallMeter
    private let logger: Logger
    private let answers: Counter

    init(_ instances: [Instance], http: HTTPClient, meter: CallMeter, logger: Logger, metrics: MetricsRegistry) {
        self.instances = instances
        self.http = http
        self.meter = meter
        self.logger = logger
        rotation = Mutex(Rotation(count: instances.count))
        answers = metrics.counter("shop_edge_requests_total", "Answers by instance.", labels: ["instance", "code"])
        metrics.gauge("shop_instance_state", "1 for an instance's state.", labels: ["instance", "state"]) { [self] in
            instances.indices.flatMap { index in
                let state = self.state(index)
                return Rotation.State.allCases.map { ([instances[index].name, $0.rawValue], $0 == state ? 1.0 : 0.0) }
            }
        }
    }

    func state(_ index: Int) -> Rotation.State { rotation.withLock { $0.state(index) } }

    /// Takes an instance out of the rotation, or back in; false when there is none of that name.
    func setDraining(_ name: String, _ isDraining: Bool) -> Bool {
        guard let index = instances.firstIndex(where: { $0.name == name }) else { return false }
        rotation.withLock { $0.setDraining(index, isDraining) }
        logger.info("instance draining changed", ["instance": .string(name), "draining": .bool(isDraining)])
        return true
    }

    func forward(_ request: HTTPRequest, target: String) async throws(HTTPError) -> HTTPResponse {
        guard let index = rotation.withLock({ $0.next() }) else {
            throw .unavailable("Every instance is draining.", code: "no_instance")
        }
        if request.headers["X-Client-Version"] == "1" {
            logger.warning("client version is no longer supported", ["version": "1"])
        }
        let start = ContinuousClock.now
        meter.attempted("api")
        do {
            let answer = try await http.send(outgoing(request, "\(instances[index].url)\(target)"))
            note(index, code: String(answer.status), since: start)
            if rotation.withLock({ $0.answered(index) }) {
                logger.info("instance is trusted again", ["instance": .string(instances[index].name)])
            }
            return incoming(answer, from: instances[index].name)
        } catch {
            throw refused(index, error, since: start)
        }
    }

    private func note(_ index: Int, code: String, since start: ContinuousClock.Instant) {
        meter.finished("api", code, since: start)
        answers.add(1, [instances[index].name, code])
    }

    private func refused(_ index: Int, _ error: HTTPClientError, since start: ContinuousClock.Instant) -> HTTPError {
        let code = FailureCode.word(for: error)
        note(index, code: code, since: start)
        let name = instances[index].name
        if code != "cancelled", rotation.withLock({ $0.refused(index) }) {
            logger.warning("instance is suspect", ["instance": .string(name), "code": .string(code)])
        }
        return HTTPError(
            status: code == "timeout" ? 504 : 502,
            code: "instance_\(code)",
            message: "The shop did not answer.",
            hint: "Try again.",
            headers: ["X-Instance": name]
        )
    }

    private func outgoing(_ request: HTTPRequest, _ url: String) -> HTTPClientRequest {
        var headers = HTTPHeaders()
        for name in ["Content-Type", "Accept", "X-Request-Id"] { headers[name] = request.headers[name] }
        return HTTPClientRequest(
            method: request.method,
            url: url,
            headers: headers,
            body: request.body,
            // Shorter than customers wait, or a silent instance would look like customers who leave.
            timeout: request.method.isSafe ? .milliseconds(1_500) : .seconds(4),
            idempotencyKey: request.headers["Idempotency-Key"],
            retries: 0
        )
    }

    private func incoming(_ answer: HTTPClientResponse, from instance: String) -> HTTPResponse {
        var response = HTTPResponse(status: answer.status, body: .bytes(answer.body))
        for name in ["Content-Type", "Retry-After", "X-Error-Code"] { response.headers[name] = answer.headers[name] }
        response.headers["X-Instance"] = instance
        return response
    }
}
