internal import OpsHTTP
internal import OpsModel
internal import OpsRuntime
internal import OpsService
internal import OpsSpec
internal import OpsSystem
internal import Synchronization

/// Hands pages to the gate in order, again and again until it takes them, and keeps them on disk until then.
final class PageSender: Service {
    /// Where messages go.
    struct Receiver: Sendable {
        var url: String
        var key: String?
    }

    private let receiver: Receiver?
    private let source: String
    private let path: String
    private let http: HTTPClient
    private let logger: Logger
    private let metrics: ObserverMetrics
    private let handicaps: HandicapDesk
    private let outbox: Mutex<PageOutbox>

    /// Seconds after which a page that still burns is sent again.
    static let repetition = 30.0

    /// Takes over what the process before this one left in the state file.
    init(
        receiver: Receiver?,
        source: String,
        state path: String,
        http: HTTPClient,
        logger: Logger,
        metrics: ObserverMetrics,
        handicaps: HandicapDesk = HandicapDesk()
    ) {
        self.handicaps = handicaps
        self.receiver = receiver
        self.source = source
        self.path = path
        self.http = http
        self.logger = logger
        self.metrics = metrics
        outbox = Mutex(Self.restore(path, logger))
    }

    /// Pages that are out.
    var firing: [Page] { outbox.withLock { $0.firing } }

    /// Messages that the gate has not taken yet.
    var waiting: Int { outbox.withLock { $0.waiting.count } }

    /// Takes pages to send; returns at once.
    func post(_ pages: [Page]) {
        for page in pages {
            logger.warning(
                "page",
                [
                    "journey": .string(page.journey), "status": .string(page.status.rawValue),
                    "summary": .string(page.summary),
                ]
            )
        }
        save { outbox in
            for page in pages { outbox.enqueue(page) }
        }
    }

    func run() async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: .milliseconds(50))
            outbox.withLock { $0.repeatFiring(at: .now(), every: Self.repetition) }
            while let page = due { await send(page) }
        }
    }

    private var due: Page? {
        let delay = handicaps.current()?.telemetryDelayS ?? 0
        return outbox.withLock { $0.due(at: .now(), lateBy: delay) }
    }

    private func send(_ page: Page) async {
        guard let receiver else {
            save { $0.delivered() }
            return
        }
        do {
            let planting = handicaps.current()?.plantSeed.map(Planting.init)
            let told = planting?.planted(in: page) ?? page
            let body = try OpsJSON.encode(AlertmanagerMessage(page: told, externalURL: source))
            let request = HTTPClientRequest(
                method: .post,
                url: "\(receiver.url)/signals/alertmanager",
                headers: ["Content-Type": "application/json"],
                body: body,
                timeout: .seconds(2),
                idempotencyKey: Self.idempotencyKey(page),
                key: receiver.key,
                retries: 0
            )
            let response = try await http.send(request)
            guard response.isSuccess else { return fail("status \(response.status)") }
            metrics.deliveries.add(1, ["taken"])
            save { $0.delivered() }
        } catch {
            fail("\(error)")
        }
    }

    private static func idempotencyKey(_ page: Page) -> String {
        let moment = page.endedAt ?? page.startedAt
        return "\(page.fingerprint)-\(page.status.rawValue)-\(moment.microseconds)"
    }

    private func fail(_ reason: String) {
        metrics.deliveries.add(1, ["refused"])
        let failures = outbox.withLock { outbox in
            outbox.failed(at: .now())
            return outbox.failures
        }
        if failures == 1 || failures % 20 == 0 {
            logger.warning("the gate did not take a page", ["reason": .string(reason), "tries": .int(failures)])
        }
    }

    /// Changes the outbox and puts it on disk before anything is sent; under the lock, or an older state could overwrite.
    private func save(_ change: (inout PageOutbox) -> Void) {
        outbox.withLock { outbox in
            change(&outbox)
            do {
                try FileSystem.writeAtomically(try OpsJSON.encode(outbox), to: path, mode: 0o600)
            } catch {
                logger.error("the pages could not be kept on disk", ["error": .string("\(error)")])
            }
        }
    }

    private static func restore(_ path: String, _ logger: Logger) -> PageOutbox {
        guard FileSystem.exists(path) else { return PageOutbox() }
        do {
            return try OpsJSON.decode(PageOutbox.self, from: try FileSystem.read(path))
        } catch {
            logger.error("the pages on disk cannot be read and are left out", ["error": .string("\(error)")])
            return PageOutbox()
        }
    }
}
