import Glibc
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// Keeps a process under its limit of open descriptors by opening nothing more for customers near it.
///
/// Connections that are open go on, new ones are closed at once, and no file is opened. What is left belongs to the run-time
/// library: it opens files of its own for a moment, at times that nobody chooses, and ends the process when it cannot.
final class DescriptorGuard: Service {
    private static let pace: Duration = .milliseconds(100)
    /// Readings between two lines of the log.
    private static let patience = 50
    /// How far the kernel's own limit is above ours, as far as it may be raised.
    private static let headroom: rlim_t = 256

    private let pressure: Mutex<LimitPressure>
    private let gauge: @Sendable () -> Int
    private let logger: Logger

    /// The gauge gives the number of open descriptors, read anew at each call.
    init(
        limit: Int,
        logger: Logger,
        metrics: MetricsRegistry,
        gauge: @escaping @Sendable () -> Int = DescriptorGuard.openDescriptors
    ) {
        self.pressure = Mutex(LimitPressure(limit: UInt64(limit)))
        self.gauge = gauge
        self.logger = logger
        metrics.gauge("shop_fds_open", "Descriptors that this process has open.") { [([], Double(gauge()))] }
        metrics.gauge("shop_fds_limit", "Open descriptors that this process keeps itself under.") {
            [([], Double(limit))]
        }
        metrics.gauge("shop_fds_short", "1 while nothing more is opened for want of descriptors.") { [self] in
            [([], self.isShort ? 1 : 0)]
        }
    }

    var isShort: Bool { self.pressure.withLock { $0.isShort } }

    /// Whether more can be opened, by a reading of this moment.
    var hasRoom: Bool {
        let open = self.gauge()
        return self.pressure.withLock { !$0.isShort && UInt64(open) < $0.high }
    }

    /// Lets somebody open something for a customer; `doing` completes "could not …".
    ///
    /// - Throws: What the kernel would say to a process that has none left.
    func admit(_ doing: String) throws(SystemError) {
        if self.isShort { throw SystemError(errno: EMFILE, doing: doing) }
    }

    /// For the page about health.
    var check: HealthReport.Check {
        let (limit, isShort) = self.pressure.withLock { ($0.limit, $0.isShort) }
        return .init(name: "descriptors", isHealthy: !isShort, message: "\(self.gauge()) of \(limit) open")
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
        let open = self.gauge()
        let isNew = self.pressure.withLock { $0.read(UInt64(open)) }
        if isNew, !self.isShort { self.logger.info("descriptors suffice again", ["open": .int(open)]) }
        return isNew
    }

    private func complain() {
        self.logger.error(
            "descriptors are short, new clients are turned away",
            [
                "errno": .int(Int(EMFILE)), "open": .int(self.gauge()),
                "limit": .int(Int(self.pressure.withLock { $0.limit })),
            ]
        )
    }

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
