internal import OpsModel

/// What happens when in one drawn run, in seconds after the steady state, each kind in the order of its moments.
public struct Timetable: Hashable, Sendable {
    /// Something with its moment.
    public struct Entry<Event: Hashable & Sendable>: Hashable, Sendable {
        /// Seconds after the steady state.
        public var atS: Double
        /// What happens.
        public var event: Event
    }

    /// The faults.
    public var injections: [Entry<Scenario.Injection>]
    /// What is harmless.
    public var decoys: [Entry<Scenario.Decoy>]

    /// The moments of a scenario as they were drawn; what happens at the same moment keeps the order of the file.
    public init(_ scenario: Scenario, _ draw: Draw) {
        injections = Self.sorted(scenario.injections) { draw.seconds(of: $0.at) }
        decoys = Self.sorted(scenario.decoys) { draw.seconds(of: $0.at) }
    }

    private static func sorted<Event>(_ events: [Event], at moment: (Event) -> Double) -> [Entry<Event>] {
        let entries = events.map { Entry(atS: moment($0), event: $0) }
        return entries.enumerated().sorted { ($0.element.atS, $0.offset) < ($1.element.atS, $1.offset) }.map(\.element)
    }
}

extension Scenario {
    /// The longest that any draw can leave between the first fault and the last.
    var injectionSpreadS: Double {
        let moments = injections.map(\.at)
        return moments.flatMap { first in moments.map { longest(from: first, to: $0) } }.max() ?? 0
    }

    /// The longest time from one moment to another; two that count from the same draw move together.
    private func longest(from first: Moment, to last: Moment) -> Double {
        if first.draw == last.draw { return last.offsetS - first.offsetS }
        return max(0, bounds(last).upperBound) - max(0, bounds(first).lowerBound)
    }

    /// The earliest and the latest that a moment can be, in seconds.
    func bounds(_ moment: Moment) -> ClosedRange<Double> {
        let base = draws.first { $0.name == moment.draw }?.choice.bounds ?? 0...0
        return base.lowerBound + moment.offsetS...base.upperBound + moment.offsetS
    }
}

extension DrawRule.Choice {
    /// The smallest and the largest number that can come out; 0 where none can.
    fileprivate var bounds: ClosedRange<Double> {
        switch self {
        case .seconds(let range), .rate(let range): return range
        case .number(let range): return Double(range.lowerBound)...Double(range.upperBound)
        case .oneOf(let values):
            let numbers = values.compactMap(\.doubleValue)
            return (numbers.min() ?? 0)...(numbers.max() ?? 0)
        }
    }
}
