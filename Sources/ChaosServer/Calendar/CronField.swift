/// One field of a cron expression: which of its numbers are meant.
struct CronField: Hashable, Sendable {
    /// What a field counts.
    enum Unit: String, CaseIterable, Hashable, Sendable {
        case minute
        case hour
        case dayOfMonth = "day of month"
        case month
        case dayOfWeek = "day of week"

        var range: ClosedRange<Int> {
            switch self {
            case .minute: 0...59
            case .hour: 0...23
            case .dayOfMonth: 1...31
            case .month: 1...12
            case .dayOfWeek: 0...7
            }
        }

        /// Names of three letters, the first of which stands for the lowest number.
        var names: [String] {
            switch self {
            case .month: "jan feb mar apr may jun jul aug sep oct nov dec".split(separator: " ").map(String.init)
            case .dayOfWeek: "sun mon tue wed thu fri sat".split(separator: " ").map(String.init)
            case .minute, .hour, .dayOfMonth: []
            }
        }
    }

    /// Bit n stands for the number n.
    private(set) var bits: UInt64 = 0
    /// Whether it begins with `*`, with a step behind it or not.
    let isStarred: Bool

    func contains(_ number: Int) -> Bool { self.bits >> UInt64(number) & 1 == 1 }

    /// Reads a list of numbers, ranges and steps that begins at the given character of the expression, from 1.
    ///
    /// What is wrong is added to `problems`.
    init(_ text: Substring, _ unit: Unit, column: Int, problems: inout [CronProblem]) {
        self.isStarred = text.first == "*"
        var column = column
        for term in text.split(separator: ",", omittingEmptySubsequences: false) {
            switch Self.numbers(term, unit) {
            case .success(let numbers): for number in numbers { self.bits |= 1 << UInt64(number) }
            case .failure(let mistake): problems.append(CronProblem(column: column, message: mistake.words))
            }
            column += term.count + 1
        }
        // Sunday has two numbers.
        if unit == .dayOfWeek, self.bits >> 7 & 1 == 1 { self.bits = self.bits & 0x7F | 1 }
    }

    private struct Mistake: Error {
        var words: String
    }

    /// `*`, `a`, `a-b`, and behind `*` or `a-b` also `/step`.
    private static func numbers(_ term: Substring, _ unit: Unit) -> Result<[Int], Mistake> {
        let parts = term.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let ends = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let isStar = parts[0] == "*"
        var step = 1
        if parts.count == 2 {
            guard isStar || ends.count == 2 else {
                return .failure(Mistake(words: "a step needs * or a range before it"))
            }
            guard let number = self.digits(parts[1]), number > 0 else {
                return .failure(Mistake(words: "a step is a whole number from 1"))
            }
            step = number
        }
        if isStar {
            return .success(Array(stride(from: unit.range.lowerBound, through: unit.range.upperBound, by: step)))
        }
        var limits: [Int] = []
        for end in ends {
            guard let number = self.number(end, unit) else {
                let names = unit.names.isEmpty ? "" : ", or \(unit.names[0]) … \(unit.names[unit.names.count - 1])"
                let range = "\(unit.range.lowerBound) … \(unit.range.upperBound)"
                return .failure(Mistake(words: "the \(unit.rawValue) is \(range)\(names)"))
            }
            limits.append(number)
        }
        guard let low = limits.first, let high = limits.last, low <= high else {
            return .failure(Mistake(words: "a range goes up"))
        }
        return .success(Array(stride(from: low, through: high, by: step)))
    }

    private static func number(_ text: Substring, _ unit: Unit) -> Int? {
        if let index = unit.names.firstIndex(of: text.lowercased()) { return unit.range.lowerBound + index }
        return self.digits(text).flatMap { unit.range.contains($0) ? $0 : nil }
    }

    /// `Int` would take a sign.
    private static func digits(_ text: Substring) -> Int? {
        text.count <= 4 && text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
    }
}

/// One thing that is wrong with a cron expression, and where.
struct CronProblem: Hashable, Sendable {
    /// The character, from 1.
    var column: Int
    var message: String
}
