import CMicrohttpd
public import OpsService
import Synchronization

/// A listener whose handler runs on its own thread from the request to the answer, with no task anywhere.
///
/// It answers even when every thread of the task pool is blocked, which is what a stop button needs. The checks of the wire, of
/// `Host` and of `Origin` are those of ``HTTPServer``; keys are the handler's business.
public final class SynchronousHTTPListener: Sendable {
    /// Answers a request with a status and a JSON body; it runs alone, and the next request waits for it.
    public typealias Handler =
        @Sendable (
            _ method: HTTPMethod, _ path: String, _ query: [String: String], _ headers: HTTPHeaders, _ body: [UInt8]
        ) -> (status: Int, body: [UInt8])

    private let configuration: HTTPServerConfiguration
    private let logger: Logger
    private let handler: Handler
    private let daemon = Mutex<Daemon?>(nil)

    /// Puts a listener together; of the configuration the place, the limits and the allowed names count.
    public init(configuration: HTTPServerConfiguration, logger: Logger, handler: @escaping Handler) {
        self.configuration = configuration
        self.logger = logger
        self.handler = handler
    }

    /// The port listened at; 0 for a unix socket and while stopped.
    public var port: Int { daemon.withLock { $0?.listener.port ?? 0 } }

    /// Begins to listen.
    public func start() throws {
        let (handler, rules, limit) = (handler, configuration.browserRules, configuration.bodyLimit)
        let listener = try Listener(configuration.listen)
        let links = LinkRegistry(patience: configuration.patience)
        let new = Daemon(listener: listener, links: links, logger: logger) { target, link in
            SynchronousExchange(target: target, link: link, bodyLimit: limit, rules: rules, handler: handler)
        }
        try new.start(
            threads: 1,
            silence: configuration.patience.idle,
            connectionLimit: configuration.connectionLimit
        )
        daemon.withLock { $0 = new }
    }

    /// Stops after the request in progress.
    public func stop() { daemon.withLock { $0.take() }?.stop() }
}

/// One request that is answered where it stands.
private final class SynchronousExchange: WireExchange, @unchecked Sendable {
    private let rules: BrowserRules
    private let handler: SynchronousHTTPListener.Handler

    init(
        target: String,
        link: Link,
        bodyLimit: Int,
        rules: BrowserRules,
        handler: @escaping SynchronousHTTPListener.Handler
    ) {
        self.rules = rules
        self.handler = handler
        super.init(target: target, link: link, bodyLimit: bodyLimit)
    }

    override func dispatch(_ connection: Connection) -> MHD_Result {
        let response = answer()
        link.enter(.answering)
        return connection.queue(status: response.status, headers: response.headers, bytes: response.bytes)
    }

    private func answer() -> HTTPResponse {
        do throws(HTTPError) {
            let target = try RequestTarget(target)
            guard let method = HTTPMethod(rawValue: method) else {
                throw HTTPError(status: 405, code: "method_not_allowed", message: "This method is not known here.")
            }
            try rules.check(method, headers)
            let query = Dictionary(target.query.map { ($0.name, $0.value) }) { first, _ in first }
            let (status, body) = handler(method, target.path, query, headers, body)
            return HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: .bytes(body))
        } catch {
            return .error(error)
        }
    }
}
