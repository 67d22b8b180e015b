extension Condition {
    /// True when both conditions can never hold at once; what lint means by hypotheses that contradict each other.
    public func excludes(_ other: Condition) -> Bool {
        guard left == other.left, let relation, let right, let otherRelation = other.relation,
            let otherRight = other.right
        else { return false }
        switch (right, otherRight) {
        case (.number(_, let a), .number(_, let b)):
            return !Interval(relation, a.value).overlaps(Interval(otherRelation, b.value))
        default: return excludesWord(relation, right, otherRelation, otherRight)
        }
    }

    private func excludesWord(_ a: Relation, _ x: Operand, _ b: Relation, _ y: Operand) -> Bool {
        switch (a, b) {
        case (.equal, .equal): x != y
        case (.equal, .unequal), (.unequal, .equal): x == y
        default: false
        }
    }
}

/// The numbers for which a comparison holds; `!=` is taken for all of them.
private struct Interval {
    var low = -Double.infinity
    var high = Double.infinity
    var isLowOpen = false
    var isHighOpen = false

    init(_ relation: Condition.Relation, _ bound: Double) {
        switch relation {
        case .atLeast: low = bound
        case .above: (low, isLowOpen) = (bound, true)
        case .atMost: high = bound
        case .below: (high, isHighOpen) = (bound, true)
        case .equal: (low, high) = (bound, bound)
        case .unequal: break
        }
    }

    func overlaps(_ other: Interval) -> Bool {
        let lowest = max(low, other.low)
        let highest = min(high, other.high)
        if lowest != highest { return lowest < highest }
        let lowOpen = (low == lowest && isLowOpen) || (other.low == lowest && other.isLowOpen)
        let highOpen = (high == highest && isHighOpen) || (other.high == highest && other.isHighOpen)
        return !lowOpen && !highOpen
    }
}
