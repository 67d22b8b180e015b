public import OpsModel
public import OpsSystem
internal import Synchronization

/// The handicap in force; it ends with its lease, so that a referee that dies leaves none behind.
public final class HandicapDesk: Sendable {
    private let state = Mutex<(handicap: Handicap, endsAt: UInt64)?>(nil)

    /// None is in force.
    public init() {}

    /// The handicap in force at a moment of the machine's own clock, in nanoseconds since it started.
    public func current(at now: UInt64 = BootClock.now()) -> Handicap? {
        state.withLock { state in
            if let known = state, known.endsAt <= now { state = nil }
            return state?.handicap
        }
    }

    /// Takes the place of what was in force before; one that keeps nothing back ends it.
    public func set(_ handicap: Handicap, at now: UInt64 = BootClock.now()) {
        let endsAt = now + UInt64(handicap.leaseS * 1e9)
        state.withLock { $0 = handicap.isNone ? nil : (handicap, endsAt) }
    }
}
