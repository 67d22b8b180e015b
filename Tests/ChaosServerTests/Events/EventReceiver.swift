import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import OpsTestKit
import Synchronization

@testable import ChaosServer

/// Somebody's receiver of events: a real server that refuses as often as it is told to, and keeps what it took.
final class EventReceiver: Sendable {
    private struct State {
        var refusals = 0
        var taken: [JSONValue] = []
        var findings: Set<EventVerifier.Finding> = []
        var mismatches = 0
    }

    let port = FreePort.take()
    let key: String
    private let directory: TemporaryDirectory
    private let state = Mutex(State())

    init() throws {
        self.key = Identifier.random(length: 40)
        self.directory = try TemporaryDirectory()
        try FileSystem.writeAtomically(self.key + "\n", to: self.directory.file("key"), mode: 0o600)
    }

    /// The settings by which a server sends to it.
    func arguments(_ name: String, _ audience: String) -> [String] {
        [
            "--sinks-\(name)", "http://127.0.0.1:\(self.port)/hook", "--sink-keys-\(name)", self.directory.file("key"),
            "--sink-audience-\(name)", audience,
        ]
    }

    func refuse(_ times: Int) { self.state.withLock { $0.refusals = times } }

    /// What it took, each id once: whoever sends at least once may send twice.
    var taken: [JSONValue] {
        var seen: Set<JSONValue> = []
        return self.state.withLock { $0.taken }.filter { seen.insert($0["id"] ?? nil).inserted }
    }

    func types(of fault: String? = nil) -> [String] {
        self.taken.filter { fault == nil || $0.at("data.fault")?.stringValue == fault }
            .compactMap { $0["type"]?.stringValue }
    }

    var refusalsLeft: Int { self.state.withLock { $0.refusals } }
    /// What its check of the signatures found, and whether headers and bodies agreed.
    var findings: Set<EventVerifier.Finding> { self.state.withLock { $0.findings } }
    var mismatches: Int { self.state.withLock { $0.mismatches } }

    func start() async throws -> HTTPServer {
        var router = Router()
        let verifier = EventVerifier(key: Array(self.key.utf8))
        router.post("/hook", summary: "Takes events.", access: .open) { [self] request in
            let event = try request.json(JSONValue.self)
            return self.state.withLock { state in
                state.findings.insert(verifier.check(request.headers["OpsLab-Signature"], request.body, at: .now()))
                if request.headers["OpsLab-Event-Id"] != event["id"]?.stringValue
                    || request.headers["OpsLab-Event"] != event["type"]?.stringValue
                {
                    state.mismatches += 1
                }
                if state.refusals > 0 {
                    state.refusals -= 1
                    return HTTPResponse(status: 500)
                }
                state.taken.append(event)
                return .json(["taken": true])
            }
        }
        let server = HTTPServer(
            configuration: HTTPServerConfiguration(
                listen: .tcp(host: "127.0.0.1", port: self.port),
                name: "receiver"
            ),
            router: router,
            logger: .silent,
            metrics: MetricsRegistry()
        )
        try await server.start()
        return server
    }
}
