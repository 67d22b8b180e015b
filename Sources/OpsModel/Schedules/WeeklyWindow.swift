/// A day of the week.
public enum Weekday: String, Codable, CaseIterable, Hashable, Sendable {
    case sun, mon, tue, wed, thu, fri, sat
}

/// A time of day to the minute, written `HH:MM`; `24:00` is the end of the day.
public struct ClockTime: Hashable, Sendable, Comparable, LosslessStringConvertible {
    /// Minutes since midnight, 0 to 1440.
    public let minutes: Int

    /// Reads `HH:MM`; nil for anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let hour = UInt8(parts[0]), let minute = UInt8(parts[1]), minute < 60,
            hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        minutes = Int(hour) * 60 + Int(minute)
    }

    /// `HH:MM`.
    public var description: String {
        let (hour, minute) = (minutes / 60, minutes % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    /// Earlier sorts before later.
    public static func < (left: ClockTime, right: ClockTime) -> Bool { left.minutes < right.minutes }
}

extension ClockTime: Codable {
    /// Reads `HH:MM`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = ClockTime(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time of day such as 09:30")
        }
        self = time
    }

    /// Writes `HH:MM`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A part of some days of the week, from one time of day up to, not including, another.
///
/// With `from` behind `to` it goes on after midnight and belongs to the day on which it begins.
public struct WeeklyWindow: Codable, Hashable, Sendable {
    /// The days; empty for every day.
    public var days: [Weekday]
    /// Where it begins.
    public var from: ClockTime
    /// Where it is over.
    public var to: ClockTime

    /// Puts the parts together as given.
    public init(days: [Weekday] = [], from: ClockTime, to: ClockTime) {
        self.days = days
        self.from = from
        self.to = to
    }

    /// Whether a local time lies in it.
    public func contains(_ day: Weekday, minute: Int) -> Bool {
        guard to < from else { return has(day) && minute >= from.minutes && minute < to.minutes }
        return (has(day) && minute >= from.minutes) || (has(day.before) && minute < to.minutes)
    }

    private func has(_ day: Weekday) -> Bool { days.isEmpty || days.contains(day) }

    private enum CodingKeys: String, CodingKey { case days, from, to }
}

extension WeeklyWindow {
    /// Reads the wire form; without `days` it is every day.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        days = try members.decodeIfPresent([Weekday].self, forKey: .days) ?? []
        from = try members.decode(ClockTime.self, forKey: .from)
        to = try members.decode(ClockTime.self, forKey: .to)
    }
}

extension Weekday {
    /// The day before.
    var before: Weekday {
        let all = Weekday.allCases
        let index = all.firstIndex(of: self) ?? 0
        return all[(index + all.count - 1) % all.count]
    }
}
