import OpsHTTP
import OpsModel
import OpsService
import Synchronization

/// Somebody's chat, as far as it takes messages: a real server that keeps what it is told.
final class ChatReceiver: Sendable {
    private let kept = Mutex<[JSONValue]>([])
    private let status = Mutex(200)

    /// Every message that came, also those that were not taken.
    var messages: [JSONValue] { kept.withLock(\.self) }

    /// What it says to each of them.
    func answer(with status: Int) { self.status.withLock { $0 = status } }

    /// Lends the address of one that runs: host and port.
    static func with(_ body: @Sendable (ChatReceiver, _ host: String) async throws -> Void) async throws {
        let receiver = ChatReceiver()
        var router = Router()
        router.post("/hook/{id}", summary: "takes messages", access: .open) { request in
            let message = try request.json(JSONValue.self)
            receiver.kept.withLock { $0.append(message) }
            return HTTPResponse.text("ok", status: receiver.status.withLock(\.self))
        }
        let server = HTTPServer(
            configuration: HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "chat"),
            router: router,
            authenticator: Nobody(),
            logger: Logger(label: "chat", level: .error),
            metrics: MetricsRegistry()
        )
        try await server.start()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            try await body(receiver, "127.0.0.1:\(server.port)")
        }
    }

    private struct Nobody: Authenticator {
        func authenticate(key: String) async -> Principal? { nil }
    }
}
