internal import OpsModel
internal import OpsService

/// What still has to reach the gate, in order, with the pages that are out.
///
/// Pure: the sender asks what is due, tries, and says how it went. The whole value is what is written to the state file, so
/// that a page which fired right before the process ended is still sent, and one that was out is still taken back.
struct PageOutbox: Codable, Hashable, Sendable {
    private(set) var waiting: [Page] = []
    private(set) var firing: [Page] = []
    /// Waits 0.2 s, 0.4 s … 5 s before the next try.
    private var pace = DeliveryPace(firstS: 0.2, longestS: 5)
    private var repeatedAt: Timestamp?

    private enum CodingKeys: String, CodingKey {
        case waiting
        case firing
    }

    init() {}

    /// How many tries have failed since the last success.
    var failures: Int { pace.failures }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        waiting = try members.decode([Page].self, forKey: .waiting)
        firing = try members.decode([Page].self, forKey: .firing)
    }

    mutating func enqueue(_ page: Page) {
        firing.removeAll { $0.fingerprint == page.fingerprint }
        if page.status == .firing {
            firing.append(page)
            repeatedAt = max(repeatedAt ?? page.startedAt, page.startedAt)
        }
        waiting.append(page)
    }

    /// The message to send now, if there is one whose time has come; each may be held back for so many seconds.
    func due(at now: Timestamp, lateBy delay: Double = 0) -> Page? {
        guard pace.isTime(at: now), let page = waiting.first else { return nil }
        let isTime = delay <= 0 || now - (page.endedAt ?? page.startedAt) >= delay
        return isTime ? page : nil
    }

    mutating func delivered() {
        pace.succeeded()
        if !waiting.isEmpty { waiting.removeFirst() }
    }

    mutating func failed(at now: Timestamp) {
        var generator = SystemRandomNumberGenerator()
        pace.failed(at: now, using: &generator)
    }

    /// Sends firing pages again every `seconds`, for a gate that lost them.
    mutating func repeatFiring(at now: Timestamp, every seconds: Double) {
        let last = repeatedAt ?? now
        if repeatedAt == nil { repeatedAt = now }
        guard now - last >= seconds, waiting.isEmpty else { return }
        repeatedAt = now
        waiting = firing
    }
}
