/// Decides whether one more fault may begin.
struct Admission: Sendable {
    /// What is allowed at all; from the topology.
    struct Limits: Hashable, Sendable {
        var scope: Set<String>
        var atMost: Int
        var longestS: Double
        var caps = IntensityCaps.none
    }

    let limits: Limits

    static let shortestS = 1.0

    func check(
        target: String,
        leaseS: Double,
        intensity: (kind: FaultKind, parameters: Parameters),
        running: [Footprint],
        latch: Latch?,
        hasReserve: Bool
    ) -> ChaosError? {
        if let latch {
            return ChaosError(
                .latched,
                "the kill switch was pressed by \(latch.actor): \(latch.reason)",
                hint: "when the world is clean: POST /resume with kill_id \(latch.killID) and a reason"
            )
        }
        guard hasReserve else {
            return ChaosError(
                .noReserve,
                "the journal has no room to record how this fault ends",
                hint: "free some disk space"
            )
        }
        guard self.limits.scope.contains(target) else {
            return ChaosError(
                .outOfScope,
                "\(target) may not be broken here",
                hint: "the topology's chaos.scope lists \(self.limits.scope.sorted().joined(separator: ", "))"
            )
        }
        return self.leaseError(leaseS) ?? self.limits.caps.refusal(intensity.kind, intensity.parameters)
            ?? self.crowdError(running)
    }

    private func leaseError(_ leaseS: Double) -> ChaosError? {
        guard leaseS >= Self.shortestS, leaseS <= self.limits.longestS else {
            return ChaosError(
                .badLease,
                "a lease of \(leaseS) s is outside \(Self.shortestS) s … \(self.limits.longestS) s",
                hint: "set lease_s; the topology's chaos.longest is the upper limit"
            )
        }
        return nil
    }

    private func crowdError(_ running: [Footprint]) -> ChaosError? {
        guard running.count < self.limits.atMost else {
            return ChaosError(
                .tooMany,
                "\(running.count) faults are running, the topology's chaos.at_most is \(self.limits.atMost)",
                hint: "end one of them first: \(running.map(\.id).joined(separator: ", "))"
            )
        }
        return nil
    }
}
