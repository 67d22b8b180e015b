import OpsHTTP
import OpsModel
import OpsRuntime
import OpsService
import OpsSpec
import OpsSystem
import OpsTestKit
import Synchronization
import Testing

@testable import Observer

/// A receiver that refuses as often as it is told to, and remembers what it took.
private final class Receiver: Sendable {
    private struct State {
        var refusals: Int
        var taken: [JSONValue] = []
        var keys: [String] = []
    }

    private let state: Mutex<State>

    init(refusals: Int) { state = Mutex(State(refusals: refusals)) }

    var taken: [JSONValue] { state.withLock { $0.taken } }
    var keys: [String] { state.withLock { $0.keys } }

    func server() async throws -> HTTPServer {
        var router = Router()
        router.post("/signals/alertmanager", summary: "Takes pages.", access: .open) { [self] request in
            let message = try request.json(JSONValue.self)
            return state.withLock { state in
                if state.refusals > 0 {
                    state.refusals -= 1
                    return HTTPResponse(status: 503)
                }
                state.taken.append(message)
                state.keys.append(request.headers["Idempotency-Key"] ?? "")
                return .json(["taken": true])
            }
        }
        let server = HTTPServer(
            configuration: HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "receiver"),
            router: router,
            logger: .silent,
            metrics: MetricsRegistry()
        )
        try await server.start()
        return server
    }
}

@Suite("PageSender")
struct PageSenderTests {
    private func page(_ status: PageStatus) -> Page {
        let start = Timestamp(secondsSinceEpoch: 1_000)
        return Page(
            fingerprint: PageFingerprint.of(journey: "checkout"),
            journey: "checkout",
            status: status,
            summary: "burns",
            startedAt: start,
            endedAt: status == .resolved ? start + 30 : nil
        )
    }

    private func sender(
        _ port: Int,
        _ state: String,
        handicaps: HandicapDesk = HandicapDesk()
    ) -> PageSender {
        PageSender(
            receiver: PageSender.Receiver(url: "http://127.0.0.1:\(port)", key: nil),
            source: "http://observer",
            state: state,
            http: HTTPClient(),
            logger: .silent,
            metrics: ObserverMetrics(MetricsRegistry()),
            handicaps: handicaps
        )
    }

    private func run(_ sender: PageSender, until isDone: @escaping @Sendable () -> Bool) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await sender.run() }
            let deadline = ContinuousClock.now + .seconds(15)
            while !isDone(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(10)) }
            group.cancelAll()
        }
    }

    @Test("sends in order, again after refusals, each message once")
    func retries() async throws {
        let receiver = Receiver(refusals: 3)
        let server = try await receiver.server()
        let directory = try TemporaryDirectory()
        let sender = sender(server.port, directory.file("pages.json"))
        sender.post([page(.firing)])
        sender.post([page(.resolved)])
        try? await run(sender) { receiver.taken.count == 2 && sender.waiting == 0 }  // ends by cancellation
        #expect(receiver.taken.map { $0["status"] } == ["firing", "resolved"])
        #expect(Set(receiver.keys).count == 2)
        #expect(sender.waiting == 0)
        await server.drain(within: .seconds(1))
    }

    @Test("a page that was not delivered is sent by the next process, and one that is out can be taken back")
    func survives() async throws {
        let directory = try TemporaryDirectory()
        let first = sender(1, directory.file("pages.json"))
        first.post([page(.firing)])
        let receiver = Receiver(refusals: 0)
        let server = try await receiver.server()
        let second = sender(server.port, directory.file("pages.json"))
        #expect(second.firing.map(\.journey) == ["checkout"])
        try? await run(second) { receiver.taken.count == 1 }  // ends by cancellation
        #expect(receiver.taken.first?["status"] == "firing")
        await server.drain(within: .seconds(1))
    }

    @Test("an instruction is planted in what the gate is told, and not in what is kept")
    func planted() async throws {
        let receiver = Receiver(refusals: 0)
        let server = try await receiver.server()
        let directory = try TemporaryDirectory()
        let handicaps = HandicapDesk()
        handicaps.set(Handicap(plantSeed: 0))
        let sender = sender(server.port, directory.file("pages.json"), handicaps: handicaps)
        sender.post([page(.firing)])
        try? await run(sender) { receiver.taken.count == 1 }  // ends by cancellation
        let summary = receiver.taken.first?.at("alerts.0.annotations.summary")?.stringValue
        #expect(summary == "burns. \(Planting(seed: 0).instruction(at: .pages).text)")
        #expect(sender.firing.map(\.summary) == ["burns"])
        await server.drain(within: .seconds(1))
    }

    @Test("a state file that cannot be read does not stop the start")
    func broken() throws {
        let directory = try TemporaryDirectory()
        try FileSystem.writeAtomically("{", to: directory.file("pages.json"))
        #expect(sender(1, directory.file("pages.json")).firing.isEmpty)
    }
}
