import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// Tells sinks what becomes of faults, at least once and in order, until they have taken it.
///
/// It follows the journals, as the record does: no fault, no undo and no kill waits for it, and where its own file cannot be
/// written it goes on without.
final class EventDelivery: Service {
    private static let interval: Duration = .milliseconds(250)
    private static let timeout: Duration = .seconds(5)
    /// How long an orderly stop follows the faults that end with it.
    private static let farewell: UInt64 = 4_000_000_000

    private let follower: EventFollower
    private let path: String
    /// The lab's name, for whoever listens to several.
    private let instance: String
    private let http: HTTPClient
    private let logger: Logger
    private let deliveries: Counter
    private let outbox: Mutex<EventOutbox>

    /// Takes over what the process before this one left, before anything else begins.
    init(
        _ follower: EventFollower,
        path: String,
        instance: String,
        http: HTTPClient,
        logger: Logger,
        metrics: MetricsRegistry
    ) {
        self.follower = follower
        self.path = path
        self.instance = instance
        self.http = http
        self.logger = logger
        self.deliveries = metrics.counter(
            "opslab_chaos_events_total",
            "Tries to hand an event to a sink.",
            labels: ["outcome"]
        )
        let restored = Self.restore(follower, path, logger)
        self.outbox = Mutex(restored)
        self.save(restored)
    }

    func waiting(for sink: String) -> Int { self.outbox.withLock { $0.waiting(for: sink) } }

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await self.follow() }
            for sink in self.follower.sinks { group.addTask { await self.serve(sink) } }
        }
    }

    private func follow() async {
        var saved = self.outbox.withLock { $0 }
        while !Task.isCancelled {
            self.look(&saved)
            do { try await Task.sleep(for: Self.interval) } catch { break }
        }
        // Beside the cancelled task: what ends with this process is kept for the next one to tell.
        let end = BootClock.now() + Self.farewell
        let last = saved
        await Task {
            var saved = last
            self.look(&saved)
            while self.outbox.withLock({ $0.hasOpen }), BootClock.now() < end {
                try? await Task.sleep(for: .milliseconds(100))  // nobody cancels this one
                self.look(&saved)
            }
        }.value
    }

    private func look(_ saved: inout EventOutbox) {
        let now = self.outbox.withLock { outbox in
            do throws(SystemError) { try self.follower.follow(&outbox) } catch {
                self.logger.warning("the faults cannot be listed", ["error": .string(error.message)])
            }
            return outbox
        }
        if now != saved, self.save(now) { saved = now }
    }

    private func serve(_ sink: EventSink) async {
        var pace = DeliveryPace(firstS: 0.25, longestS: 60, jitter: 0.5)
        var generator = SystemRandomNumberGenerator()
        while !Task.isCancelled {
            if pace.isTime(at: .now()), let event = self.outbox.withLock({ $0.next(for: sink.name) }) {
                guard let problem = await self.send(event, to: sink) else {
                    self.deliveries.add(1, ["taken"])
                    pace.succeeded()
                    self.outbox.withLock { $0.delivered(event, to: sink.name) }
                    continue
                }
                self.deliveries.add(1, ["refused"])
                pace.failed(at: .now(), using: &generator)
                if pace.failures == 1 || pace.failures % 20 == 0 {
                    let facts: [String: JSONValue] = ["sink": .string(sink.name), "tries": .int(pace.failures)]
                    self.logger.warning("a sink did not take an event", facts.merging(problem) { own, _ in own })
                }
            }
            do { try await Task.sleep(for: .milliseconds(50)) } catch { return }
        }
    }

    /// What went wrong; nil when the sink has taken it.
    ///
    /// Each try is signed anew.
    private func send(_ event: ChaosEvent, to sink: EventSink) async -> [String: JSONValue]? {
        do {
            var document = try JSONValue(encoding: event).objectValue ?? [:]
            document["instance"] = .string(self.instance)
            let body = try OpsJSON.encode(document)
            let request = HTTPClientRequest(
                method: .post,
                url: sink.url,
                headers: [
                    "Content-Type": "application/json", "OpsLab-Event": event.kind.rawValue,
                    "OpsLab-Event-Id": event.id,
                    "OpsLab-Signature": sink.signature.header(for: body, at: .now()),
                ],
                body: body,
                timeout: Self.timeout,
                retries: 0
            )
            let answer = try await self.http.send(request)
            return answer.isSuccess ? nil : ["status": .int(answer.status)]
        } catch {
            return ["error": .string("\(error)")]
        }
    }

    @discardableResult private func save(_ outbox: EventOutbox) -> Bool {
        do {
            try FileSystem.writeAtomically(try OpsJSON.encode(outbox), to: self.path, mode: 0o600)
            return true
        } catch {
            self.logger.warning("events could not be kept on disk", ["error": .string("\(error)")])
            return false
        }
    }

    private static func restore(_ follower: EventFollower, _ path: String, _ logger: Logger) -> EventOutbox {
        let names = follower.sinks.map(\.name)
        var outbox = EventOutbox()
        if FileSystem.exists(path) {
            do {
                outbox = try OpsJSON.decode(EventOutbox.self, from: FileSystem.read(path, limit: 1 << 26))
                outbox.serve(names)
                return outbox
            } catch {
                logger.error("the events on disk cannot be read", ["error": .string("\(error)")])
                outbox.serve(names)
                outbox.declareLoss(at: .now(), for: follower.sinks.filter { $0.audience == .referee }.map(\.name))
            }
        }
        outbox.serve(names)
        // Unlisted: the first look tells of them all.
        try? follower.skipHistory(&outbox)
        return outbox
    }
}
