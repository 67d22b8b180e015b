import CMicrohttpd
import Glibc
import Synchronization

/// One request whose answer is made by a task while its connection is suspended.
///
/// A suspended connection is resumed exactly once: by the task's answer or, when the server drains, by a 503. Suspending and
/// resuming happen under one lock, so neither can overtake the other.
final class Exchange: WireExchange, @unchecked Sendable, Abandonable {
    private enum Stage {
        case reading
        case working(Connection)
        case answered(HTTPResponse)
        case sent
    }
    private struct State {
        var stage = Stage.reading
        var task: Task<Void, Never>?
        var stream: EventStream?
        var isCancelled = false
    }

    private let state = Mutex(State())
    private let inFlight: InFlight
    private let pipeline: RequestPipeline
    private var context: RequestContext?  // the connection's thread only

    init(target: String, link: Link, bodyLimit: Int, pipeline: RequestPipeline, inFlight: InFlight) {
        self.pipeline = pipeline
        self.inFlight = inFlight
        super.init(target: target, link: link, bodyLimit: bodyLimit)
    }

    override func refusal(_ error: HTTPError) -> HTTPResponse {
        pipeline.refusal(error, method: method, headers: headers)
    }

    override func dispatch(_ connection: Connection) -> MHD_Result {
        if let response = takeAnswer() { return send(response, connection) }
        do throws(HTTPError) {
            let request = try pipeline.read(method: method, target: target, headers: headers, body: body)
            guard inFlight.admit(self) else { throw .unavailable("The service is shutting down.", code: "draining") }
            work(on: request, connection)
            return opslab_mhd_yes()
        } catch {
            return send(refusal(error), connection)
        }
    }

    override func completed(isWhole: Bool) {
        let (task, stream) = state.withLock { state in
            state.stage = .sent
            return (state.task, state.stream)
        }
        stream?.readerLeft()
        if stream != nil || !isWhole { task?.cancel() }
        inFlight.leave(self)
    }

    /// The client is gone: whoever works for it may stop.
    func clientLeft() { cancelTask() }

    /// The server cannot wait any longer: the client gets a 503 now, and the late answer is dropped.
    func abandon() {
        answer(refusal(.unavailable("The service is shutting down.", code: "draining")))
        cancelTask()
        state.withLock { $0.stream }?.finish()
    }

    func finishStream() { state.withLock { $0.stream }?.finish() }

    private func work(on request: HTTPRequest, _ connection: Connection) {
        context = RequestContext(requestID: request.requestID, traceParent: request.traceParent)
        link.enter(.handling(self))
        state.withLock { state in
            state.stage = .working(connection)
            connection.suspend()
        }
        keep(Task { [self] in answer(await pipeline.respond(to: request)) })
    }

    private func answer(_ response: HTTPResponse) {
        state.withLock { state in
            guard case .working(let connection) = state.stage else { return }
            state.stage = .answered(response)
            connection.resume()
        }
    }

    private func takeAnswer() -> HTTPResponse? {
        state.withLock { state in
            guard case .answered(let response) = state.stage else { return nil }
            state.stage = .sent
            return response
        }
    }

    private func keep(_ task: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    private func cancelTask() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }

    private func send(_ response: HTTPResponse, _ connection: Connection) -> MHD_Result {
        guard case .stream(let stream) = response.body, method != HTTPMethod.head.rawValue else {
            link.enter(.answering)
            return connection.queue(status: response.status, headers: response.headers, bytes: response.bytes)
        }
        guard inFlight.admitStream() else {
            return send(refusal(.unavailable("Too many event streams are open.", code: "too_many_streams")), connection)
        }
        return send(stream, response, connection)
    }

    private func send(_ stream: EventStream, _ response: HTTPResponse, _ connection: Connection) -> MHD_Result {
        var size: Int32 = 65_536  // the kernel would otherwise hold megabytes for a reader that sleeps
        setsockopt(link.descriptor, SOL_SOCKET, SO_SNDBUF, &size, 4)
        state.withLock { $0.stream = stream }
        if inFlight.isDraining { stream.finish() }
        link.enter(.streaming(stream))
        let (context, inFlight) = (context, inFlight)
        keep(
            Task {
                await RequestContext.$current.withValue(context) { await stream.produce() }
                inFlight.leaveStream()
            }
        )
        return connection.queue(
            status: response.status,
            headers: response.headers,
            body: stream.response(for: connection)
        )
    }
}
