import Glibc
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem

/// Keeps a process under its memory limit by refusing work before the kernel would end it with everything that it has begun.
///
/// What Envoy's overload manager does near the end of its heap: the process stays, answers what it is asked about itself, and
/// says 503 to customers until there is room again.
final class MemoryGuard: Service {
    private let watch: LimitWatch

    /// The gauge gives resident memory in bytes, read anew at each call.
    init(
        limit: UInt64,
        logger: Logger,
        metrics: MetricsRegistry,
        gauge: @escaping @Sendable () -> UInt64 = MemoryGuard.residentBytes
    ) {
        self.watch = LimitWatch(limit: limit, gauge: gauge) { isShort, bytes in
            guard isShort else { return logger.info("memory suffices again", ["rss_bytes": .int(Int(bytes))]) }
            logger.error(
                "memory is short, work is refused",
                ["errno": .int(Int(ENOMEM)), "rss_bytes": .int(Int(bytes)), "limit_bytes": .int(Int(limit))]
            )
        }
        metrics.gauge("shop_memory_limit_bytes", "Resident memory that this process keeps itself under.") {
            [([], Double(limit))]
        }
        metrics.gauge("shop_memory_short", "1 while work is refused for want of memory.") { [self] in
            [([], self.isShort ? 1 : 0)]
        }
    }

    var isShort: Bool { self.watch.isShort }
    /// Whether more can be taken on, by a reading of this moment.
    var hasRoom: Bool { self.watch.hasRoom }

    /// For the page about health.
    var check: HealthReport.Check {
        let message = "\(self.watch.amount >> 20) of \(self.watch.limit >> 20) MiB"
        return .init(name: "memory", isHealthy: !self.isShort, message: message)
    }

    func run() async throws { try await self.watch.run() }

    /// Reads once; says whether it changed anything.
    func look() -> Bool { self.watch.look() }

    /// What the kernel counts as resident, of this very process.
    static func residentBytes() -> UInt64 { ProcessSample.residentBytes(pid: getpid()) ?? 0 }
}
