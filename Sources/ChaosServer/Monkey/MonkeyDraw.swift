import Glibc
import OpsModel
import OpsService

/// Draws a whole plan from a seed: the same seed, order and candidates give the same entries on every machine.
struct MonkeyDraw: Sendable {
    private static let hourS = 3_600.0

    let order: MonkeyOrder
    /// Those that the order allows; never empty.
    let candidates: [MonkeyCandidate]

    /// In the order of their beginnings, and each ends before the plan does.
    ///
    /// Each fault at one time has a lane, in which pauses and leases follow each other. The kind of fault is drawn first, then its
    /// place, so that a fault with many places is not drawn more often than others.
    func entries(seed: UInt64) -> [MonkeyPlan.Entry] {
        var chance = SeededGenerator(seed: seed).fork("monkey")
        var entries: [MonkeyPlan.Entry] = []
        var lanes = (0..<self.order.budget.atOnce).map { _ in self.gap(&chance) }
        while entries.count < self.order.budget.faults,
            let lane = lanes.indices.min(by: { lanes[$0] < lanes[$1] })
        {
            let start = lanes[lane]
            guard start + self.order.leaseLeastS <= self.order.forS else { break }
            let lease = self.lease(&chance)
            if let free = self.affordable(from: start, lease, after: entries), free > start {
                lanes[lane] = free
                continue
            }
            lanes[lane] = Self.rounded(start + lease + self.gap(&chance))
            guard start + lease <= self.order.forS,
                let candidate = self.candidate(besides: self.busy(at: start, entries), &chance)
            else { continue }
            entries.append(
                MonkeyPlan.Entry(
                    atS: start,
                    fault: candidate.fault,
                    request: FaultRequest(
                        target: candidate.target,
                        instance: candidate.instance,
                        with: candidate.with,
                        leaseS: lease
                    )
                )
            )
        }
        return entries
    }

    /// When the hour's budget allows a fault of this lease: at `start`, or once earlier ones are an hour old.
    private func affordable(from start: Double, _ lease: Double, after entries: [MonkeyPlan.Entry]) -> Double? {
        var spent = lease
        for entry in entries.reversed() where entry.atS > start - Self.hourS {
            spent += entry.request.leaseS
            if spent > self.order.budget.faultSPerHour { return Self.rounded(entry.atS + Self.hourS) }
        }
        return nil
    }

    private func busy(at start: Double, _ entries: [MonkeyPlan.Entry]) -> Set<String> {
        Set(entries.filter { $0.atS + $0.request.leaseS > start }.map(\.request.target))
    }

    private func candidate(besides busy: Set<String>, _ chance: inout SeededGenerator) -> MonkeyCandidate? {
        let free = self.candidates.filter { !busy.contains($0.target) }
        var faults: [String] = []
        for candidate in free where !faults.contains(candidate.fault) { faults.append(candidate.fault) }
        guard let fault = faults.randomElement(using: &chance) else { return nil }
        let places = free.filter { $0.fault == fault }
        var targets: [String] = []
        for place in places where !targets.contains(place.target) { targets.append(place.target) }
        guard let target = targets.randomElement(using: &chance) else { return nil }
        return places.filter { $0.target == target }.randomElement(using: &chance)
    }

    private func gap(_ chance: inout SeededGenerator) -> Double {
        let (gap, unit) = (self.order.gap, chance.nextUnit())
        let pause =
            switch gap.distribution {
            case .uniform: gap.leastS + unit * (gap.mostS - gap.leastS)
            case .exponential: min(max(-gap.meanS * log(1 - unit), gap.leastS), gap.mostS)
            }
        return Self.rounded(pause)
    }

    private func lease(_ chance: inout SeededGenerator) -> Double {
        let (least, most) = (self.order.leaseLeastS, self.order.leaseMostS)
        return min(Self.rounded(least + chance.nextUnit() * (most - least)), most)
    }

    /// To tenths of a second, so that two mathematical libraries agree.
    private static func rounded(_ seconds: Double) -> Double { (seconds * 10).rounded() / 10 }
}
