import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// Looks at one dependency twice a second from where this process stands, apart from what customers make it do.
final class ProbeLoop: Service {
    private struct Last {
        var result: ProbeResult
        var seconds: Double
        var at: Timestamp
    }

    let target: String
    private let check: @Sendable () async -> ProbeResult
    private let last = Mutex<Last?>(nil)

    init(_ target: String, check: @escaping @Sendable () async -> ProbeResult) {
        self.target = target
        self.check = check
    }

    var result: ProbeResult? { last.withLock { $0?.result } }

    func run() async throws {
        while !Task.isCancelled {
            let start = ContinuousClock.now
            let result = await check()
            let seconds = start.duration(to: .now).inSeconds
            last.withLock { $0 = Last(result: result, seconds: seconds, at: .now()) }
            try await Task.sleep(until: start + .milliseconds(500))
        }
    }

    /// Publishes several probes under one set of names.
    static func publish(_ probes: [ProbeLoop], in metrics: MetricsRegistry) {
        metrics.gauge(
            "shop_probe_result",
            "1 for the latest result of a probe made by this process.",
            labels: ["target", "result"]
        ) {
            probes.flatMap { probe in
                probe.result.map { last in
                    ProbeResult.allCases.map { ([probe.target, $0.rawValue], $0 == last ? 1.0 : 0.0) }
                } ?? []
            }
        }
        metrics.gauge("shop_probe_latency_seconds", "Duration of the latest probe.", labels: ["target"]) {
            probes.compactMap { probe in probe.last.withLock { last in last.map { ([probe.target], $0.seconds) } } }
        }
        metrics.gauge("shop_probe_checked_timestamp_seconds", "End of the latest probe.", labels: ["target"]) {
            probes.compactMap { probe in
                probe.last.withLock { last in last.map { ([probe.target], $0.at.secondsSinceEpoch) } }
            }
        }
    }
}
