import OpsModel
import OpsService
import Synchronization

/// Looks over the providers' shoulders every second: what they charged is noted, and a checkout whose card was charged twice was
/// not good after all.
final class ChargeWatch: Service {
    private let feeds: [ChargeFeed]
    private let recent: RecentCharges
    private let onTwice: @Sendable (ChargeRecord) -> Void
    private let charged = Mutex(Recent())

    /// The keys of the last hour or so, in two halves of which the older one is dropped as a whole.
    private struct Recent {
        var new: Set<String> = []
        var old: Set<String> = []

        mutating func insert(_ key: String) -> Bool {
            if new.count >= 50_000 { (old, new) = (new, []) }
            return !old.contains(key) && new.insert(key).inserted
        }
    }

    init(_ feeds: [ChargeFeed], recent: RecentCharges, onTwice: @escaping @Sendable (ChargeRecord) -> Void) {
        self.feeds = feeds
        self.recent = recent
        self.onTwice = onTwice
    }

    func run() async throws {
        var seen = feeds.map { _ in 0 }
        while !Task.isCancelled {
            for (index, feed) in feeds.enumerated() {
                // A provider that is away is asked again in a second; its charges keep.
                guard let more = try? await feed.after(seen[index]) else { continue }
                seen[index] = more.last?.seq ?? seen[index]
                more.filter { $0.result == .charged }.forEach(note)
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func note(_ record: ChargeRecord) {
        recent.note(record)
        let isNew = charged.withLock { $0.insert(record.key) }
        if !isNew { onTwice(record) }
    }
}
