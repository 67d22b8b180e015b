internal import OpsService

/// Lets one sampler look at the target again and again until the process stops.
struct SamplerLoop: Service {
    let name: String
    let period: Duration
    let metrics: ObserverMetrics
    let sample: @Sendable (Tick) async -> Void

    func run() async throws {
        var ticker = Ticker(period: period)
        while !Task.isCancelled {
            let tick = try await ticker.wait()
            metrics.samples.add(1, [name])
            if tick.isStarved { metrics.starved.add(1, [name]) }
            await sample(tick)
        }
    }
}
