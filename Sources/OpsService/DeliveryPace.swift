public import OpsModel

/// When to try again what could not be delivered: each failure doubles the wait, up to a longest one.
///
/// Pure: the caller sends, says how it went, and asks whether it is time.
public struct DeliveryPace: Hashable, Sendable {
    /// How many tries have failed since the last success.
    public private(set) var failures = 0
    private var notBefore: Timestamp?
    private let firstS: Double
    private let longestS: Double
    private let jitter: Double

    /// Waits `firstS` seconds after the first failure, and `longestS` at most; each wait is shorter by up to a share `jitter` of
    /// it, drawn anew, so that senders who failed together do not come back together.
    public init(firstS: Double, longestS: Double, jitter: Double = 0) {
        self.firstS = firstS
        self.longestS = longestS
        self.jitter = jitter
    }

    /// Whether the wait after the last failure is over.
    public func isTime(at now: Timestamp) -> Bool { notBefore.map { now >= $0 } ?? true }

    /// A try has failed.
    public mutating func failed(at now: Timestamp, using generator: inout some RandomNumberGenerator) {
        let wait = min(longestS, firstS * Double(1 << min(failures, 20)))
        failures += 1
        notBefore = now + wait * (1 - jitter * Double.random(in: 0...1, using: &generator))
    }

    /// A try has succeeded: the next one waits for nothing.
    public mutating func succeeded() {
        failures = 0
        notBefore = nil
    }
}
