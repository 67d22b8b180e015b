import OpsHTTP
import OpsModel
import Synchronization

/// Keeps the readiness answer back for a moment, as one that waits for something unimportant would; customers notice nothing.
final class ReadinessHold: Sendable {
    private struct Order: Decodable {
        var forS: Double

        enum CodingKeys: String, CodingKey { case forS = "for_s" }
    }

    private let end = Mutex<ContinuousClock.Instant?>(nil)

    /// The route by which it is asked for.
    func install(in router: inout Router) {
        router.post(
            "/ready/hold",
            summary: "Answers about readiness only when for_s seconds are over.",
            access: .scope("operate"),
            request: Schemas.hold
        ) { request in
            let order = try request.json(Order.self)
            var problems = Problems()
            problems.check((0...5).contains(order.forS), "for_s: 0 to 5 seconds")
            try problems.throwIfAny()
            self.end.withLock { $0 = .now + .seconds(order.forS) }
            return .json(["for_s": .double(order.forS)] as JSONValue)
        }
    }

    /// Waits as long as it is asked to.
    func pass() async {
        guard let end = end.withLock({ $0 }), end > .now else { return }
        // Whoever does not wait for the answer any more cancels the wait.
        try? await Task.sleep(until: end)
    }
}
