/// What was typed behind a verb, checked against what the verb declares.
public struct ParsedArguments: Sendable {
    /// The verb's words.
    public let command: String
    /// The positional arguments in order.
    public let positionals: [String]
    /// Whatever stands behind `--`, untouched.
    public let rest: [String]
    private let values: [String: [String]]
    private let names: [String]

    /// Arguments by hand, for tests.
    public init(
        command: String = "",
        positionals: [String] = [],
        values: [String: [String]] = [:],
        rest: [String] = [],
        names: [String] = []
    ) {
        self.command = command
        self.positionals = positionals
        self.values = values
        self.rest = rest
        self.names = names
    }

    /// The positional argument of that name, nil when it was left out.
    public func argument(_ name: String) -> String? {
        guard let index = names.firstIndex(of: name), positionals.indices.contains(index) else { return nil }
        return positionals[index]
    }

    /// True when the switch was given.
    public func flag(_ name: String) -> Bool { values[name] != nil }

    /// The value of an option, its default included; the last one when it was repeated.
    public func string(_ name: String) -> String? { values[name]?.last }

    /// All values of an option that may be repeated.
    public func strings(_ name: String) -> [String] { values[name] ?? [] }

    /// The value of an option as a whole number within bounds.
    public func int(_ name: String, in range: ClosedRange<Int>) throws(CommandError) -> Int? {
        guard let text = string(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            let bounds = "from \(range.lowerBound) to \(range.upperBound)"
            throw .usage("--\(name) must be a whole number \(bounds), not '\(Terminal.clean(text))'")
        }
        return number
    }

    /// The value of an option as an unsigned number of 64 bits, as seeds are.
    public func seed(_ name: String) throws(CommandError) -> UInt64? {
        guard let text = string(name) else { return nil }
        guard let number = UInt64(text) else {
            throw .usage("--\(name) must be a whole number, not '\(Terminal.clean(text))'")
        }
        return number
    }

    /// The value of an option as a duration such as `500ms`, `30s` or `2m`.
    public func duration(_ name: String) throws(CommandError) -> Duration? {
        guard let text = string(name) else { return nil }
        guard let duration = Self.duration(from: text) else {
            throw .usage("--\(name) must be a duration such as 500ms, 30s or 2m, not '\(Terminal.clean(text))'")
        }
        return duration
    }

    private static func duration(from text: String) -> Duration? {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3_600)]
        for (unit, seconds) in units where text.hasSuffix(unit) {
            let digits = text.dropLast(unit.count)
            guard let number = Double(digits), (0...1e9).contains(number) else { continue }
            return .microseconds(Int64((number * seconds * 1_000_000).rounded()))
        }
        return nil
    }
}
