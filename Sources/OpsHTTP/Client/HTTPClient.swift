import OpsSystem
import Synchronization

/// Calls other services.
///
/// All clients of a process share one thread and its connections.
public final class HTTPClient: Sendable {
    /// Limits of a client's requests.
    public struct Configuration: Sendable {
        /// The time for everything together when the request names none.
        public var timeout: Duration
        /// The time to reach the server at all.
        public var connectTimeout: Duration
        /// How often a failed safe or keyed request is repeated when the request says nothing.
        public var retries: Int
        /// The largest answer in bytes.
        public var answerLimit: Int
        /// The own address that connections are made from; nil leaves it to the kernel.
        public var source: String?
        /// Where a host is that a URL names, asked for each request; nil leaves that to the system.
        public var places: (@Sendable (_ host: String) -> String?)?

        /// Limits with their usual values.
        public init(
            timeout: Duration = .seconds(5),
            connectTimeout: Duration = .seconds(1),
            retries: Int = 2,
            answerLimit: Int = 16 << 20,
            source: String? = nil,
            places: (@Sendable (_ host: String) -> String?)? = nil
        ) {
            self.timeout = timeout
            self.connectTimeout = connectTimeout
            self.retries = retries
            self.answerLimit = answerLimit
            self.source = source
            self.places = places
        }
    }

    private let configuration: Configuration
    private let policy = RetryPolicy()

    /// Makes a client.
    public init(configuration: Configuration = Configuration()) { self.configuration = configuration }

    /// Sends a request and gives the answer, whatever its status; repeats it when that does no harm and may help.
    public func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        var request = request
        request.source = request.source ?? configuration.source
        request.place = request.place ?? configuration.places.flatMap { places in request.host.flatMap { places($0) } }
        let deadline = ContinuousClock.now + (request.timeout ?? configuration.timeout)
        var generator = SystemRandomNumberGenerator()
        var tries = 0
        while true {
            tries += 1
            let result = await attempt(request, until: deadline)
            let wait = policy.wait(
                after: outcome(result),
                tries: tries,
                retries: request.retries ?? configuration.retries,
                isRepeatable: request.isRepeatable,
                remaining: deadline - .now,
                using: &generator
            )
            guard let wait else { return try result.get() }
            do {
                try await Task.sleep(for: wait)
            } catch {
                throw HTTPClientError(.cancelled, "The request was given up by its caller.")
            }
        }
    }

    /// Reads server-sent events until the server ends them; a slow consumer slows the server down.
    ///
    /// The stream fails with ``RemoteError`` when the server refuses, and with ``HTTPClientError`` when the connection is lost.
    /// To go on afterwards, set `Last-Event-ID` to the last id seen and ask again.
    public func events(_ request: HTTPClientRequest) -> AsyncThrowingStream<ServerSentEvent, any Error> {
        var request = request
        request.headers["Accept"] = "text/event-stream"
        let reader = EventReader(request, EventStreamParser(), connectTimeout: configuration.connectTimeout)
        return AsyncThrowingStream { try await reader.next() }
    }

    /// Reads an answer line by line as it comes, until the server ends it; fails as ``events(_:)`` does.
    ///
    /// A request without a time limit of its own has none.
    public func lines(_ request: HTTPClientRequest) -> AsyncThrowingStream<String, any Error> {
        let reader = EventReader(request, LineParser(), connectTimeout: configuration.connectTimeout)
        return AsyncThrowingStream { try await reader.next() }
    }

    private func attempt(
        _ request: HTTPClientRequest,
        until deadline: ContinuousClock.Instant
    ) async -> Result<HTTPClientResponse, HTTPClientError> {
        let left = deadline - .now
        guard left > .zero else { return .failure(HTTPClientError(.timedOut, "No complete answer came in time.")) }
        let answer = WholeAnswer(limit: configuration.answerLimit)
        guard
            let transfer = Transfer(
                request,
                timeout: left,
                connectTimeout: min(left, configuration.connectTimeout),
                sink: answer
            )
        else { return .failure(HTTPClientError(.failed, "libcurl gave no handle; is there memory left?")) }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                answer.await(continuation)
                TransferLoop.shared.start(transfer)
                if Task.isCancelled { TransferLoop.shared.cancel(transfer) }
            }
        } onCancel: {
            TransferLoop.shared.cancel(transfer)
        }
    }

    private func outcome(_ result: Result<HTTPClientResponse, HTTPClientError>) -> RetryPolicy.Outcome {
        switch result {
        case .success(let response):
            .answered(status: response.status, retryAfter: response.headers["Retry-After"].flatMap { Int($0) })
        case .failure(let error): .failed(error.code)
        }
    }
}

/// Gathers an answer as a whole.
private final class WholeAnswer: TransferSink {
    typealias Continuation = CheckedContinuation<Result<HTTPClientResponse, HTTPClientError>, Never>

    private let limit: Int
    private let state = Mutex<(body: [UInt8], continuation: Continuation?)>(([], nil))

    init(limit: Int) { self.limit = limit }

    func await(_ continuation: Continuation) { state.withLock { $0.continuation = continuation } }

    func receive(_ bytes: UnsafeRawBufferPointer, status: Int) -> TransferVerdict {
        state.withLock { state in
            if state.body.count + bytes.count > limit { return .tooMuch }
            state.body.append(contentsOf: bytes)
            return .taken
        }
    }

    func end(_ result: Result<(status: Int, headers: HTTPHeaders), HTTPClientError>) {
        let (body, continuation) = state.withLock { state in
            defer { state = ([], nil) }
            return state
        }
        continuation?.resume(
            returning: result.map { HTTPClientResponse(status: $0.status, headers: $0.headers, body: body) }
        )
    }
}
