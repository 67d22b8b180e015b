import OpsModel
import Synchronization

/// One event stream being read.
///
/// It begins with the first `next()` and ends with the reader at the latest.
final class EventReader<Parser: StreamParser>: Sendable {
    private let queue: EventQueue<Parser>
    private let transfer: Transfer?
    private let isStarted = Atomic(false)

    init(_ request: HTTPClientRequest, _ parser: Parser, connectTimeout: Duration) {
        queue = EventQueue(parser)
        transfer = Transfer(request, timeout: request.timeout, connectTimeout: connectTimeout, sink: queue)
    }

    deinit {
        if let transfer { TransferLoop.shared.cancel(transfer) }
    }

    func next() async throws -> Parser.Part? {
        guard let transfer else { throw HTTPClientError(.failed, "libcurl gave no handle; is there memory left?") }
        if !isStarted.exchange(true, ordering: .relaxed) { TransferLoop.shared.start(transfer) }
        let item = await withTaskCancellationHandler {
            await queue.next()
        } onCancel: {
            TransferLoop.shared.cancel(transfer)
        }
        switch item {
        case .event(let event, let isDrained):
            if isDrained { TransferLoop.shared.resume(transfer) }
            return event
        case .ended(let result, let refusal):
            let (status, headers) = try result.get()
            guard status == 200 else {
                throw RemoteError(HTTPClientResponse(status: status, headers: headers, body: refusal))
            }
            return nil
        }
    }
}
