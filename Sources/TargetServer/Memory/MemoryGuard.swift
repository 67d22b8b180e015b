import Glibc
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// Keeps a process under its memory limit by refusing work before the kernel would end it with everything that it has begun.
///
/// What Envoy's overload manager does near the end of its heap: the process stays, answers what it is asked about itself, and
/// says 503 to customers until there is room again.
final class MemoryGuard: Service {
    private static let pace: Duration = .milliseconds(100)
    /// Readings between two lines of the log.
    private static let patience = 50

    private let pressure: Mutex<LimitPressure>
    private let gauge: @Sendable () -> UInt64
    private let logger: Logger

    /// The gauge gives resident memory in bytes, read anew at each call.
    init(
        limit: UInt64,
        logger: Logger,
        metrics: MetricsRegistry,
        gauge: @escaping @Sendable () -> UInt64 = MemoryGuard.residentBytes
    ) {
        self.pressure = Mutex(LimitPressure(limit: limit))
        self.gauge = gauge
        self.logger = logger
        metrics.gauge("shop_memory_limit_bytes", "Resident memory that this process keeps itself under.") {
            [([], Double(limit))]
        }
        metrics.gauge("shop_memory_short", "1 while work is refused for want of memory.") { [self] in
            [([], self.isShort ? 1 : 0)]
        }
    }

    var isShort: Bool { self.pressure.withLock { $0.isShort } }

    /// Whether more can be taken on, by a reading of this moment.
    var hasRoom: Bool {
        let bytes = self.gauge()
        return self.pressure.withLock { !$0.isShort && bytes < $0.high }
    }

    /// For the page about health.
    var check: HealthReport.Check {
        let (limit, isShort) = self.pressure.withLock { ($0.limit, $0.isShort) }
        return .init(name: "memory", isHealthy: !isShort, message: "\(self.gauge() >> 20) of \(limit >> 20) MiB")
    }

    func run() async throws {
        var readings = 0
        while true {
            let isNew = self.look()
            readings = isNew ? 0 : readings + 1
            if readings % Self.patience == 0, self.isShort { self.complain() }
            try await Task.sleep(for: Self.pace)
        }
    }

    /// Reads once; says whether it changed anything.
    func look() -> Bool {
        let bytes = self.gauge()
        let isNew = self.pressure.withLock { $0.read(bytes) }
        if isNew, !self.isShort { self.logger.info("memory suffices again", ["rss_bytes": .int(Int(bytes))]) }
        return isNew
    }

    private func complain() {
        self.logger.error(
            "memory is short, work is refused",
            [
                "errno": .int(Int(ENOMEM)), "rss_bytes": .int(Int(self.gauge())),
                "limit_bytes": .int(Int(self.pressure.withLock { $0.limit })),
            ]
        )
    }

    /// What the kernel counts as resident, of this very process.
    static func residentBytes() -> UInt64 { ProcessSample.residentBytes(pid: getpid()) ?? 0 }
}
