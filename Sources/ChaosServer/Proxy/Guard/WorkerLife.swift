/// Decides what a guard does about its worker, and does none of it.
struct WorkerLife {
    enum Action: Equatable {
        case nothing
        /// A worker that says nothing accepts nothing, and keeps toxics whose time is over.
        case kill
        case start(afterMilliseconds: Int32)
        /// It could not even begin; its exit code is ours.
        case giveUp
    }

    /// How often in a row nothing may be heard, where one looks twice in the time between two beats.
    static let patience = 12
    /// A worker that lived for less than this is not started again at once.
    private static let shortest: UInt64 = 1_000_000_000
    /// Below the 200 ms for which nobody may be refused or kept waiting.
    private static let pause: Int32 = 100

    /// How many workers there were.
    private(set) var starts = 0
    private var startedAt: UInt64 = 0
    private var wasEverReady = false
    private var silences = 0

    mutating func started(at now: UInt64) {
        self.starts += 1
        self.startedAt = now
        self.silences = 0
    }

    mutating func heard(isReady: Bool = false) {
        self.silences = 0
        if isReady { self.wasEverReady = true }
    }

    /// A time went by in which nothing was heard.
    ///
    /// Counted and not measured: a machine that slept says nothing either.
    mutating func heardNothing() -> Action {
        self.silences += 1
        return self.silences == Self.patience ? .kill : .nothing
    }

    func ended(at now: UInt64) -> Action {
        guard self.wasEverReady else { return .giveUp }
        return .start(afterMilliseconds: now < self.startedAt + Self.shortest ? Self.pause : 0)
    }
}
