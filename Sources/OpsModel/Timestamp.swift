import FoundationEssentials

/// A moment on the wall clock, kept in whole microseconds and written as RFC 3339 in UTC.
///
/// Leases and time-outs inside one process do not use it: a wall clock can be set back.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var microseconds: Int64

    /// A moment so many microseconds after 1970-01-01T00:00:00Z.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// A moment so many seconds after 1970-01-01T00:00:00Z.
    public init(secondsSinceEpoch: Double) { microseconds = Int64((secondsSinceEpoch * 1_000_000).rounded()) }

    /// The present moment by the wall clock.
    public static func now() -> Timestamp { Timestamp(secondsSinceEpoch: Date().timeIntervalSince1970) }

    /// Seconds since 1970-01-01T00:00:00Z.
    public var secondsSinceEpoch: Double { Double(microseconds) / 1_000_000 }

    /// Earlier sorts before later.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// Seconds from `earlier` to `later`.
    public static func - (later: Timestamp, earlier: Timestamp) -> Double {
        Double(later.microseconds - earlier.microseconds) / 1_000_000
    }

    /// The moment so many seconds later.
    public static func + (moment: Timestamp, seconds: Double) -> Timestamp {
        Timestamp(microseconds: moment.microseconds + Int64((seconds * 1_000_000).rounded()))
    }
}

extension Timestamp: CustomStringConvertible, LosslessStringConvertible {
    /// RFC 3339 in UTC with milliseconds, or with microseconds when milliseconds would lose something.
    public var description: String {
        let days = microseconds.flooredQuotient(86_400_000_000)
        let rest = microseconds - days * 86_400_000_000
        let date = CivilDate(daysSinceEpoch: days)
        let second = rest / 1_000_000
        let fraction = rest % 1_000_000
        let digits = fraction % 1_000 == 0 ? pad(fraction / 1_000, 3) : pad(fraction, 6)
        let time = "\(pad(second / 3_600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2)).\(digits)"
        return "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))T\(time)Z"
    }

    /// Reads RFC 3339 with any offset; nil when the text is something else, or a year that has not four digits.
    public init?(_ description: String) {
        let withFraction = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let plain = Date.ISO8601FormatStyle()
        // Both styles throw on a mismatch, and only the text that neither reads is an error.
        guard let date = (try? withFraction.parse(description)) ?? (try? plain.parse(description)),
            Self.writable.contains(date.timeIntervalSince1970)
        else { return nil }
        self.init(secondsSinceEpoch: date.timeIntervalSince1970)
    }
}

extension Timestamp {
    /// Seconds of the years 0 to 9999; far years do not even fit into microseconds.
    private static let writable = -62_167_219_200.0..<253_402_300_800
}

extension Timestamp: Codable {
    /// Reads an RFC 3339 string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time")
        }
        self = moment
    }

    /// Writes an RFC 3339 string in UTC.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func pad(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

/// A day of the proleptic Gregorian calendar, by Howard Hinnant's `civil_from_days`.
private struct CivilDate {
    var year: Int64
    var month: Int64
    var day: Int64

    init(daysSinceEpoch: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}
