import Glibc
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem

/// Keeps a process under its limit of open descriptors by opening nothing more for customers near it.
///
/// Connections that are open go on, new ones are closed at once, and no file is opened. What is left belongs to the run-time
/// library: it opens files of its own for a moment, at times that nobody chooses, and ends the process when it cannot.
final class DescriptorGuard: Service {
    /// How far the kernel's own limit is above ours, as far as it may be raised.
    private static let headroom: rlim_t = 256

    private let watch: LimitWatch

    /// The gauge gives the number of open descriptors, read anew at each call.
    init(
        limit: Int,
        logger: Logger,
        metrics: MetricsRegistry,
        gauge: @escaping @Sendable () -> Int = DescriptorGuard.openDescriptors
    ) {
        let tell: @Sendable (Bool, UInt64) -> Void = { isShort, open in
            guard isShort else { return logger.info("descriptors suffice again", ["open": .int(Int(open))]) }
            logger.error(
                "descriptors are short, new clients are turned away",
                ["errno": .int(Int(EMFILE)), "open": .int(Int(open)), "limit": .int(limit)]
            )
        }
        self.watch = LimitWatch(limit: UInt64(limit), gauge: { UInt64(gauge()) }, tell: tell)
        metrics.gauge("shop_fds_open", "Descriptors that this process has open.") { [([], Double(gauge()))] }
        metrics.gauge("shop_fds_limit", "Open descriptors that this process keeps itself under.") {
            [([], Double(limit))]
        }
        metrics.gauge("shop_fds_short", "1 while nothing more is opened for want of descriptors.") { [self] in
            [([], self.isShort ? 1 : 0)]
        }
    }

    var isShort: Bool { self.watch.isShort }
    /// Whether more can be opened, by a reading of this moment.
    var hasRoom: Bool { self.watch.hasRoom }

    /// Lets somebody open something for a customer; `doing` completes "could not …".
    ///
    /// - Throws: What the kernel would say to a process that has none left.
    func admit(_ doing: String) throws(SystemError) {
        if self.isShort { throw SystemError(errno: EMFILE, doing: doing) }
    }

    /// For the page about health.
    var check: HealthReport.Check {
        let message = "\(self.watch.amount) of \(self.watch.limit) open"
        return .init(name: "descriptors", isHealthy: !self.isShort, message: message)
    }

    func run() async throws { try await self.watch.run() }

    /// Reads once; says whether it changed anything.
    func look() -> Bool { self.watch.look() }

    /// Raises the kernel's limit above ours, so that what is kept back is really there.
    static func makeHeadroom(above limit: Int) {
        var own = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &own) == 0 else { return }
        own.rlim_cur = max(own.rlim_cur, min(own.rlim_max, rlim_t(limit) + Self.headroom))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &own)
    }

    /// What the kernel counts, of this very process.
    static func openDescriptors() -> Int { ProcessSample.openDescriptors(pid: getpid()) ?? 0 }
}
