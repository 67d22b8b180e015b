import OpsModel
import OpsTrust

/// What has been told, and what each sink still has to get, in order.
///
/// Pure; the whole value is what lies on disk. What is told and what waits are written together, so that an end at any moment
/// neither loses an event nor makes another of it.
struct EventOutbox: Codable, Hashable, Sendable {
    /// So many events wait for one sink; the oldest ones of more are dropped, and that is told in their place.
    static let most = 512
    /// So many kills are remembered as told.
    private static let kills = 256

    /// What waits for one sink.
    private struct Queue: Codable, Hashable {
        var waiting: [ChaosEvent] = []
        /// How many were dropped since that was last told, and the first and last of their times.
        var dropped = 0
        var since: Timestamp?
        var until: Timestamp?
    }

    private var queues: [String: Queue] = [:]
    /// Which events of which fault were told.
    private var faults: [String: Set<ChaosEvent.Kind>] = [:]
    /// Event ids of kills and resumptions that were told.
    private var controls: [String] = []

    /// Waits for these sinks from now on; what waited for another one is forgotten.
    mutating func serve(_ sinks: some Sequence<String>) {
        self.queues = Dictionary(uniqueKeysWithValues: sinks.map { ($0, self.queues[$0] ?? Queue()) })
    }

    /// Whether nothing more can be told of a fault.
    func isOver(_ fault: String) -> Bool { self.faults[fault]?.contains(.ended) == true }

    /// Whether a fault was told of whose end was not.
    var hasOpen: Bool { self.faults.values.contains { !$0.contains(.ended) } }

    /// Forgets faults that there are no journals of any more.
    mutating func keep(_ faults: some Sequence<String>) {
        let known = Set(faults)
        self.faults = self.faults.filter { known.contains($0.key) }
    }

    /// Puts what is new of a fault before these sinks; with none it only counts as told.
    mutating func take(_ events: [ChaosEvent], of fault: String, for sinks: [String]) {
        for event in events where self.faults[fault, default: []].insert(event.kind).inserted {
            self.put(event, sinks)
        }
    }

    /// The same for a kill or a resumption.
    mutating func take(_ event: ChaosEvent, for sinks: [String]) {
        guard !self.controls.contains(event.id) else { return }
        self.controls = self.controls.suffix(Self.kills * 2 - 1) + [event.id]
        self.put(event, sinks)
    }

    /// Says that events were lost of which nobody knows how many.
    mutating func declareLoss(at now: Timestamp, for sinks: [String]) {
        self.put(ChaosEvent(.lost, of: "unknown \(now)", at: now, ["dropped": .null]), sinks)
    }

    /// What to send to a sink next.
    mutating func next(for sink: String) -> ChaosEvent? {
        guard var queue = self.queues[sink] else { return nil }
        if queue.dropped > 0, let since = queue.since, let until = queue.until {
            let data: JSONValue = [
                "dropped": .int(queue.dropped), "since": .string(since.description),
                "until": .string(until.description),
            ]
            queue.waiting.insert(ChaosEvent(.lost, of: "\(sink) \(since) \(until)", at: until, data), at: 0)
            (queue.dropped, queue.since, queue.until) = (0, nil, nil)
            self.queues[sink] = queue
        }
        return queue.waiting.first
    }

    /// A sink has taken an event; it may have been dropped meanwhile.
    mutating func delivered(_ event: ChaosEvent, to sink: String) {
        guard let index = self.queues[sink]?.waiting.firstIndex(of: event) else { return }
        self.queues[sink]?.waiting.remove(at: index)
    }

    func waiting(for sink: String) -> Int { self.queues[sink]?.waiting.count ?? 0 }

    private mutating func put(_ event: ChaosEvent, _ sinks: [String]) {
        for sink in sinks {
            guard var queue = self.queues[sink] else { continue }
            queue.waiting.append(event)
            while queue.waiting.count > Self.most, let oldest = queue.waiting.firstIndex(where: { $0.kind != .lost }) {
                let gone = queue.waiting.remove(at: oldest)
                queue.dropped += 1
                queue.since = min(queue.since ?? gone.at, gone.at)
                queue.until = max(queue.until ?? gone.at, gone.at)
            }
            self.queues[sink] = queue
        }
    }
}
