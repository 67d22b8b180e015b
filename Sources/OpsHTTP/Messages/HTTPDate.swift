import Glibc
public import OpsModel

/// The one form of a date in header fields that is still written: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
public enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The second in which a moment lies.
    public static func text(_ moment: Timestamp) -> String {
        var seconds = time_t(moment.secondsSinceEpoch.rounded(.down))
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { self.digits($0) }.joined(separator: ":")
        let date = "\(self.digits(parts.tm_mday)) \(self.months[Int(parts.tm_mon)]) \(1900 + Int(parts.tm_year))"
        return "\(self.days[Int(parts.tm_wday)]), \(date) \(clock) GMT"
    }

    /// The beginning of the second that a text names; nil for any other form.
    public static func parse(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0].count == 4, self.days.contains(String(words[0].dropLast())),
            words[0].last == ",", words[5] == "GMT", let month = self.months.firstIndex(of: String(words[2])),
            let day = self.number(words[1], 2, 1...31), let year = self.number(words[3], 4, 1970...9999)
        else { return nil }
        let clock = words[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = self.number(clock[0], 2, 0...23),
            let minute = self.number(clock[1], 2, 0...59), let second = self.number(clock[2], 2, 0...60)
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month), Int32(day))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
        return Timestamp(secondsSinceEpoch: Double(timegm(&parts)))
    }

    private static func digits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func number(_ text: Substring, _ length: Int, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.count == length, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
}
