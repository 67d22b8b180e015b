/// Which share of the requests for some routes is turned away, and until when; decides, and answers nobody.
///
/// It ends by itself, whoever asked for it: near its end the share falls evenly to nothing, so that what was kept away does not come
/// back at one moment.
struct Shedding: Sendable {
    /// What somebody asks for.
    struct Order: Sendable, Equatable {
        /// Whose it is; another one's end does not end it.
        var id: String
        /// Method and path of each, such as `GET /api/products`; a part in braces stands for any.
        var routes: [String]
        /// The share that is turned away, 0 to 1.
        var ratio: Double
        var duration: Duration
        /// How long before its end the share begins to fall.
        var ramp: Duration
    }

    /// The latest order, also when its time is over.
    private(set) var order: Order?
    private var end = ContinuousClock.now
    private var credit = 0.0

    /// Follows an order from now on, in the place of any other.
    mutating func begin(_ order: Order, at now: ContinuousClock.Instant = .now) {
        self.order = order
        self.end = now + order.duration
        self.credit = 0
    }

    /// Ends the order with this id, if it is still the latest.
    mutating func stop(_ id: String, at now: ContinuousClock.Instant = .now) {
        if self.order?.id == id { self.end = min(self.end, now) }
    }

    /// How long it still lasts.
    func left(at now: ContinuousClock.Instant = .now) -> Duration { max(.zero, now.duration(to: self.end)) }

    /// The share that is turned away at a moment.
    func share(at now: ContinuousClock.Instant = .now) -> Double {
        guard let order, now < self.end else { return 0 }
        guard order.ramp > .zero else { return order.ratio }
        return order.ratio * min(1, self.left(at: now) / order.ramp)
    }

    /// Whether this request is one of those; they are spread evenly over all.
    mutating func turnsAway(_ method: String, _ path: String, at now: ContinuousClock.Instant = .now) -> Bool {
        let share = self.share(at: now)
        guard share > 0, let order, order.routes.contains(where: { Self.matches($0, method, path) }) else {
            return false
        }
        self.credit += share
        guard self.credit >= 1 else { return false }
        self.credit -= 1
        return true
    }

    private static func matches(_ route: String, _ method: String, _ path: String) -> Bool {
        let words = route.split(separator: " ")
        guard words.count == 2, words[0] == method else { return false }
        let (wanted, found) = (words[1].split(separator: "/"), path.split(separator: "/"))
        return wanted.count == found.count
            && zip(wanted, found).allSatisfy { $0 == $1 || ($0.first == "{" && $0.last == "}") }
    }
}
