public import OpsModel
internal import OpsService
public import OpsSpec

/// One thing that the seed decides.
public struct DrawRule: Hashable, Sendable {
    /// What may come out.
    public enum Choice: Hashable, Sendable {
        /// One of these values.
        case oneOf([JSONValue])
        /// A duration in whole tenths of a second, in seconds.
        case seconds(ClosedRange<Double>)
        /// A rate in whole requests per second.
        case rate(ClosedRange<Double>)
        /// A whole number.
        case number(ClosedRange<Int>)
    }

    /// Its name; written `$name` where it is used.
    public var name: String
    /// What may come out.
    public var choice: Choice
    /// What its values count, which come out in the base unit; `none` for words and bare numbers.
    public var unit: Quantity.Unit = .none

    func value(using generator: inout some RandomNumberGenerator) -> JSONValue {
        switch choice {
        case .oneOf(let values): values[Int.random(in: values.indices, using: &generator)]
        case .seconds(let range):
            .double(
                Self.steps(of: 0.1, in: range).map { Double(Int.random(in: $0, using: &generator)) / 10 }
                    ?? range.lowerBound
            )
        case .rate(let range):
            Self.steps(of: 1, in: range).map { .int(Int.random(in: $0, using: &generator)) }
                ?? .double(range.lowerBound)
        case .number(let range): .int(Int.random(in: range, using: &generator))
        }
    }
}

extension DrawRule {
    /// Whether there is nothing to choose from: no tenth of a second, or no whole rate, lies within the range.
    var isEmpty: Bool {
        switch choice {
        case .seconds(let range): Self.steps(of: 0.1, in: range) == nil
        case .rate(let range): Self.steps(of: 1, in: range) == nil
        case .oneOf, .number: false
        }
    }

    /// The multiples of a step that lie within a range; nil when none does, or when they are too large to be counted.
    private static func steps(of step: Double, in range: ClosedRange<Double>) -> ClosedRange<Int>? {
        // What was written in decimal is not exactly there in binary: 2.3 s are 23 tenths.
        let first = (range.lowerBound / step - 0.000_001).rounded(.up)
        let last = (range.upperBound / step + 0.000_001).rounded(.down)
        guard first <= last, last < 1_000_000_000 else { return nil }
        return Int(first)...Int(last)
    }
}

/// What a seed decided; equal draws are the same experiment.
public struct Draw: Hashable, Sendable, Codable {
    /// The values by name.
    public var values: [String: JSONValue]

    /// A draw with given values.
    public init(values: [String: JSONValue]) { self.values = values }

    /// What a seed decides about a scenario.
    public init(_ scenario: Scenario, seed: UInt64) {
        var chance = SeededGenerator(seed: seed).fork(scenario.id)
        self.init(scenario.draws, using: &chance)
    }

    /// Draws every rule in its order; one source of chance gives one draw.
    public init(_ rules: [DrawRule], using generator: inout some RandomNumberGenerator) {
        values = [:]
        for rule in rules { values[rule.name] = rule.value(using: &generator) }
    }

    /// A value, with `$name` replaced by what was drawn.
    public func resolve(_ value: JSONValue) -> JSONValue {
        guard let text = value.stringValue, text.hasPrefix("$") else { return value }
        return values[String(text.dropFirst())] ?? value
    }

    /// A text, with `$name` replaced by what was drawn.
    public func resolve(_ text: String) -> String {
        switch resolve(.string(text)) {
        case .string(let word): word
        case .int(let number): String(number)
        case .double(let number): String(number)
        case .bool(let flag): String(flag)
        default: text
        }
    }

    /// Seconds after the steady state.
    public func seconds(of moment: Scenario.Moment) -> Double {
        let base = moment.draw.flatMap { values[$0]?.doubleValue } ?? 0
        return max(0, base + moment.offsetS)
    }
}
