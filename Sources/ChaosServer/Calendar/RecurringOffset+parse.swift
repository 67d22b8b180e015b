extension RecurringOffset {
    /// Reads a `TZ` string as RFC 9636, section 3.3.1, has it; nil for anything else.
    init?(_ text: String) {
        var reader = Reader(rest: text[...])
        guard reader.name(), let west = reader.time(hours: 0...24) else { return nil }
        self.standard = -west
        self.summer = nil
        if reader.isAtEnd { return }
        guard reader.name() else { return nil }
        var offset = self.standard + 3_600
        if !reader.isAt(",") {
            guard let west = reader.time(hours: 0...24) else { return nil }
            offset = -west
        }
        guard reader.take(","), let from = reader.turn(), reader.take(","), let to = reader.turn(), reader.isAtEnd
        else { return nil }
        self.summer = Summer(offset: offset, from: from, to: to)
    }

    private struct Reader {
        var rest: Substring

        var isAtEnd: Bool { self.rest.isEmpty }
        func isAt(_ character: Character) -> Bool { self.rest.first == character }

        mutating func take(_ character: Character) -> Bool {
            guard self.isAt(character) else { return false }
            self.rest.removeFirst()
            return true
        }

        /// Three letters or more, or anything between angle brackets.
        mutating func name() -> Bool {
            if self.take("<") {
                guard let end = self.rest.firstIndex(of: ">") else { return false }
                self.rest = self.rest[self.rest.index(after: end)...]
                return true
            }
            let letters = self.rest.prefix { $0.isASCII && $0.isLetter }
            self.rest = self.rest.dropFirst(letters.count)
            return letters.count >= 3
        }

        mutating func number(in range: ClosedRange<Int>) -> Int? {
            let digits = self.rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = Int(digits), range.contains(number) else { return nil }
            self.rest = self.rest.dropFirst(digits.count)
            return number
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time(hours: ClosedRange<Int>) -> Int? {
            let sign = self.take("-") ? -1 : 1
            if sign == 1 { _ = self.take("+") }
            guard let hour = self.number(in: hours) else { return nil }
            var seconds = hour * 3_600
            for unit in [60, 1] where self.take(":") {
                guard let part = self.number(in: 0...59) else { return nil }
                seconds += part * unit
            }
            return sign * seconds
        }

        /// `Mm.w.d`, `Jn` or `n`, with `/time` behind it or two o'clock.
        mutating func turn() -> Turn? {
            guard let day = self.day() else { return nil }
            guard self.take("/") else { return Turn(day: day, time: 7_200) }
            return self.time(hours: 0...167).map { Turn(day: day, time: $0) }
        }

        private mutating func day() -> Turn.Day? {
            if self.take("J") { return self.number(in: 1...365).map { .julian($0) } }
            guard self.take("M") else { return self.number(in: 0...365).map { .zeroBased($0) } }
            guard let month = self.number(in: 1...12), self.take("."), let week = self.number(in: 1...5),
                self.take("."), let weekday = self.number(in: 0...6)
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
    }
}
