import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// Looks at the customers twice a second while there are faults with abort conditions, and ends those that meet one.
final class AbortWatching: Service {
    private static let interval: Duration = .milliseconds(500)

    /// Is told why a fault was ended.
    typealias Witness = @Sendable (_ reason: String) async -> Void

    private struct Watched: Sendable {
        var watch: AbortWatch
        var witness: Witness
    }

    private let injector: FaultInjector
    private let load: ServiceClient?
    private let objectives: [String: Double]
    private let logger: Logger
    private let watched = Mutex<[String: Watched]>([:])

    init(injector: FaultInjector, load: ServiceClient?, objectives: [String: Double], logger: Logger) {
        self.injector = injector
        self.load = load
        self.objectives = objectives
        self.logger = logger
    }

    /// Begins to watch a fault whose effect has been read back.
    func begin(_ fault: String, _ conditions: AbortConditions?, witness: @escaping Witness) {
        guard let conditions else { return }
        self.watched.withLock { $0[fault] = Watched(watch: AbortWatch(conditions), witness: witness) }
    }

    func run() async throws {
        var feed = CustomerFeed()
        while !Task.isCancelled {
            await self.look(&feed)
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    private func look(_ feed: inout CustomerFeed) async {
        guard !self.watched.withLock({ $0.isEmpty }) else { return }
        // What cannot be listed cannot be counted; the customers are asked all the same.
        let open = try? self.injector.records().filter { $0.endedAt == nil }.map(\.id)
        if let load = self.load { try? await feed.update(from: load) }  // silence is what the watch goes by
        let health = TargetHealth.read(
            feed.buckets,
            objectives: self.objectives,
            windowS: AbortWatch.windowS,
            now: .now()
        )
        for (fault, reason) in self.decide(health, open) {
            self.logger.warning("a fault is ended before its time", ["reason": .string(reason)])
            // It is being taken back whatever comes of this call.
            _ = try? await self.injector.end(fault)
            let witness = self.watched.withLock { $0.removeValue(forKey: fault)?.witness }
            await witness?(reason)
        }
    }

    /// Those to end, with the reason; those that are over are forgotten.
    private func decide(_ health: TargetHealth, _ open: [String]?) -> [(String, String)] {
        self.watched.withLock { watched in
            if let open { watched = watched.filter { open.contains($0.key) } }
            return watched.keys.sorted().compactMap { fault in
                let reason = watched[fault]?.watch.look(health, openFaults: open?.count ?? 0, now: .now())
                return reason.map { (fault, $0) }
            }
        }
    }
}
