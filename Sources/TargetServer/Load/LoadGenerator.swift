import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// Sends the visits at their times, whether the earlier ones have been answered or not.
final class LoadGenerator: Service {
    private struct Order {
        var base: Mix
        var current: Mix
        var until: ContinuousClock.Instant?
    }

    private let customer: Customer
    private let seed: UInt64
    private let order: Mutex<Order>
    private let late: Counter

    init(_ customer: Customer, rate: Int, seed: UInt64, metrics: MetricsRegistry) {
        self.customer = customer
        self.seed = seed
        var mix = Mix.usual
        mix.rate = Double(rate)
        order = Mutex(Order(base: mix, current: mix))
        late = metrics.counter("shop_load_late_total", "Visits that began more than 250 ms after their time.")
        metrics.gauge("shop_load_rate", "Visits per second asked for.") { [self] in [([], self.mix.rate)] }
    }

    /// What is being sent now.
    var mix: Mix {
        order.withLock { order in
            if let until = order.until, .now > until {
                order.until = nil
                order.current = order.base
            }
            return order.current
        }
    }

    /// Changes what is sent, for a time or for good.
    func set(_ mix: Mix, for duration: Duration?) {
        order.withLock { order in
            order.current = mix
            order.until = duration.map { .now + $0 }
            if duration == nil { order.base = mix }
        }
    }

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            var traffic = Traffic(seed: seed, prefix: Identifier.random(prefix: "buy", length: 8))
            var due = ContinuousClock.now
            while !Task.isCancelled {
                let mix = self.mix
                due += .seconds(traffic.gap(mix))
                if due < .now - .milliseconds(250) {
                    late.add()
                    due = .now
                }
                try await Task.sleep(until: due, tolerance: .zero)
                let visit = traffic.next(mix)
                group.addTask { await self.customer.carryOut(visit) }
            }
        }
    }
}
