import Synchronization

/// Events on their way from the transfer thread to one consumer, bounded: a full queue pauses the transfer.
final class EventQueue<Parser: StreamParser>: TransferSink {
    enum Item: Sendable {
        case event(Parser.Part, isDrained: Bool)
        case ended(Result<(status: Int, headers: HTTPHeaders), HTTPClientError>, refusal: [UInt8])
    }

    private struct State {
        var parser: Parser
        var events: [Parser.Part] = []
        var refusal: [UInt8] = []
        var result: Result<(status: Int, headers: HTTPHeaders), HTTPClientError>?
        var isPaused = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private static var limit: Int { 256 }
    private let state: Mutex<State>

    init(_ parser: Parser) { state = Mutex(State(parser: parser)) }

    func receive(_ bytes: UnsafeRawBufferPointer, status: Int) -> TransferVerdict {
        let (verdict, waiter) = state.withLock { state -> (TransferVerdict, CheckedContinuation<Void, Never>?) in
            guard status == 200 else {
                state.refusal.append(contentsOf: bytes.prefix(max(0, 65_536 - state.refusal.count)))
                return (.taken, nil)
            }
            state.isPaused = state.events.count >= Self.limit
            if state.isPaused { return (.notNow, nil) }
            state.events += state.parser.feed(bytes)
            return (state.parser.isOverflown ? .tooMuch : .taken, state.events.isEmpty ? nil : state.waiter.take())
        }
        waiter?.resume()
        return verdict
    }

    func end(_ result: Result<(status: Int, headers: HTTPHeaders), HTTPClientError>) {
        let waiter = state.withLock { state in
            state.result = result
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// The next event or the end; `isDrained` says that a paused transfer may go on.
    func next() async -> Item {
        while true {
            if let item = take() { return item }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    let isReady = !state.events.isEmpty || state.result != nil
                    if !isReady { state.waiter = continuation }
                    return isReady
                }
                if isReady { continuation.resume() }
            }
        }
    }

    private func take() -> Item? {
        state.withLock { state in
            if state.events.isEmpty { return state.result.map { .ended($0, refusal: state.refusal) } }
            let event = state.events.removeFirst()
            let isDrained = state.isPaused && state.events.isEmpty
            if isDrained { state.isPaused = false }
            return .event(event, isDrained: isDrained)
        }
    }
}
