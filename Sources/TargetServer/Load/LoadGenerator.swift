import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// Sends the visits at their times, whether the earlier ones have been answered or not.
final class LoadGenerator: Service {
    private let customer: Customer
    private let seed: UInt64
    private let order: Mutex<TimedValue<Mix>>
    private let late: Counter

    init(_ customer: Customer, rate: Int, seed: UInt64, metrics: MetricsRegistry) {
        self.customer = customer
        self.seed = seed
        var mix = Mix.usual
        mix.rate = Double(rate)
        order = Mutex(TimedValue(mix))
        late = metrics.counter("shop_load_late_total", "Visits that began more than 250 ms after their time.")
        metrics.gauge("shop_load_rate", "Visits per second asked for.") { [self] in [([], self.mix.rate)] }
    }

    /// What is being sent now.
    var mix: Mix { order.withLock { $0.now() } }

    /// Changes what is sent, for a time or for good.
    func set(_ mix: Mix, for duration: Duration?) { order.withLock { $0.set(mix, for: duration) } }

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
