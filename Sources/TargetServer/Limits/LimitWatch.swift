import Synchronization

/// Reads ten times a second how much a process has of something that it has a limit of.
final class LimitWatch: Sendable {
    private static let pace: Duration = .milliseconds(100)
    /// Readings between two times that it is told.
    private static let patience = 50

    let limit: UInt64
    private let gauge: @Sendable () -> UInt64
    private let tell: @Sendable (_ isShort: Bool, _ amount: UInt64) -> Void
    private let pressure: Mutex<LimitPressure>

    /// `gauge` reads anew at each call; `tell` is called while the process is short of it, and once when it no longer is.
    init(
        limit: UInt64,
        gauge: @escaping @Sendable () -> UInt64,
        tell: @escaping @Sendable (_ isShort: Bool, _ amount: UInt64) -> Void
    ) {
        self.limit = limit
        self.gauge = gauge
        self.tell = tell
        self.pressure = Mutex(LimitPressure(limit: limit))
    }

    var isShort: Bool { self.pressure.withLock { $0.isShort } }
    /// By a reading of this moment.
    var amount: UInt64 { self.gauge() }

    /// Whether more can be taken on, by a reading of this moment.
    var hasRoom: Bool {
        let amount = self.amount
        return self.pressure.withLock { !$0.isShort && amount < $0.high }
    }

    /// Reads until it is cancelled.
    func run() async throws {
        var readings = 0
        while true {
            let isNew = self.look()
            readings = isNew ? 0 : readings + 1
            if readings % Self.patience == 0, self.isShort { self.tell(true, self.amount) }
            try await Task.sleep(for: Self.pace)
        }
    }

    /// Reads once; says whether it changed anything.
    func look() -> Bool {
        let amount = self.amount
        let isNew = self.pressure.withLock { $0.read(amount) }
        if isNew, !self.isShort { self.tell(false, amount) }
        return isNew
    }
}
