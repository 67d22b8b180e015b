import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// Asks the customers about each new fault, and writes into its journal whether they felt it.
///
/// No fault waits for this, and nothing that ends one does: where the customers cannot be asked, nothing is written.
final class EffectWatching: Service {
    private static let interval: Duration = .milliseconds(250)

    private let store: FaultStore
    private let latch: LatchFile
    /// Where the load tells how the journeys go; nil where there is none.
    private let load: ServiceClient?
    private let objectives: [String: Double]
    private let promises: [String: Double]
    private let logger: Logger
    private let watched = Mutex<[String: EffectWatch]>([:])

    init(
        store: FaultStore,
        latch: LatchFile,
        load: ServiceClient?,
        objectives: [String: Double],
        promises: [String: Double],
        logger: Logger
    ) {
        self.store = store
        self.latch = latch
        self.load = load
        self.objectives = objectives
        self.promises = promises
        self.logger = logger
    }

    /// Begins to watch a fault whose effect has been read back.
    func begin(_ record: FaultRecord) {
        guard self.load != nil, let appliedAt = record.appliedAt else { return }
        let watch = EffectWatch(appliedAt: appliedAt, objectives: self.objectives, promises: self.promises)
        self.watched.withLock { $0[record.id] = watch }
    }

    func run() async throws {
        var feed = CustomerFeed()
        while !Task.isCancelled {
            await self.look(&feed)
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    private func look(_ feed: inout CustomerFeed) async {
        let watched = self.watched.withLock { $0 }
        guard !watched.isEmpty, let load = self.load else { return }
        do { try await feed.update(from: load) } catch {
            self.logger.debug("the customers could not be asked", ["error": .string("\(error)")])
        }
        for (id, watch) in watched {
            let decision = watch.decide(feed.buckets, now: .now())
            guard decision != .wait else { continue }
            self.write(decision, about: id)
            self.watched.withLock { $0[id] = nil }
        }
    }

    private func write(_ decision: EffectWatch.Decision, about id: String) {
        var line: JournalLine
        switch decision {
        case .wait, .undecided: return
        case .felt(let moment):
            line = JournalLine(.watched(.felt))
            line.effectAt = moment
        case .ineffective:
            line = JournalLine(.watched(.ineffective))
            line.note = "no journey felt it within \(Int(EffectWatch.limitS)) s and the time that its customers wait"
        }
        do {
            // One that ended meanwhile was not there long enough to be judged.
            guard try self.store.file(id)?.machine.isOpen == true else { return }
            try self.store.log(id, .server).append(line, orLatch: self.latch)
        } catch {
            self.logger.warning("it was not recorded whether a fault was felt", ["error": .string("\(error)")])
        }
    }
}
