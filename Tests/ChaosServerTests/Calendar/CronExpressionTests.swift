import OpsModel
import OpsService
import Testing

@testable import ChaosServer

@Suite("Cron expressions")
struct CronExpressionTests {
    private func next(_ cron: String, _ zone: String, after moment: String, count: Int) throws -> [String] {
        let (cron, rules) = (try CronExpression(cron), try ZoneCatalog().rules(of: zone))
        var moment = try #require(Timestamp(moment))
        var found: [String] = []
        while found.count < count, let next = cron.next(after: moment, in: rules) {
            found.append(String(next.description.prefix(16)))
            moment = next
        }
        return found
    }

    @Test(
        "When it is due next",
        arguments: [
            ("* * * * *", "UTC", "2026-03-01T10:00:30Z", ["2026-03-01T10:01", "2026-03-01T10:02"]),
            ("* * * * *", "UTC", "2026-03-01T10:00:00Z", ["2026-03-01T10:01"]),
            (
                "*/20 * * * *", "UTC", "2026-03-01T10:00:00Z",
                ["2026-03-01T10:20", "2026-03-01T10:40", "2026-03-01T11:00"]
            ),
            (
                "5,10-12 9 * * *", "UTC", "2026-03-01T09:06:00Z",
                ["2026-03-01T09:10", "2026-03-01T09:11", "2026-03-01T09:12", "2026-03-02T09:05"]
            ),
            (
                "0 8-18/5 * * *", "UTC", "2026-03-01T00:00:00Z",
                ["2026-03-01T08:00", "2026-03-01T13:00", "2026-03-01T18:00"]
            ),
            ("0 0 1 jan *", "UTC", "2026-03-01T00:00:00Z", ["2027-01-01T00:00", "2028-01-01T00:00"]),
            ("30 2 * * MON-Fri", "UTC", "2026-03-06T03:00:00Z", ["2026-03-09T02:30"]),
            ("0 0 * * 7", "UTC", "2026-03-01T00:00:00Z", ["2026-03-08T00:00"]),
            (
                "0 0 * * 5-7", "UTC", "2026-03-02T00:00:00Z",
                ["2026-03-06T00:00", "2026-03-07T00:00", "2026-03-08T00:00"]
            ),
            // Either day is enough where neither begins with a star; both are needed where one does.
            (
                "0 0 13 * fri", "UTC", "2026-03-01T00:00:00Z",
                ["2026-03-06T00:00", "2026-03-13T00:00", "2026-03-20T00:00"]
            ),
            (
                "0 0 13 4 fri", "UTC", "2026-03-01T00:00:00Z",
                ["2026-04-03T00:00", "2026-04-10T00:00", "2026-04-13T00:00"]
            ),
            ("0 0 */2 * fri", "UTC", "2026-03-01T00:00:00Z", ["2026-03-13T00:00", "2026-03-27T00:00"]),
            ("0 0 31 * *", "UTC", "2026-03-31T00:00:00Z", ["2026-05-31T00:00", "2026-07-31T00:00"]),
            // 29 February, also across a century without one.
            ("0 0 29 2 *", "UTC", "2026-03-01T00:00:00Z", ["2028-02-29T00:00", "2032-02-29T00:00"]),
            ("0 0 29 2 *", "UTC", "2097-01-01T00:00:00Z", ["2104-02-29T00:00"]),
            ("0 0 30 2 *", "UTC", "2026-03-01T00:00:00Z", []),
            ("0 9 * * *", "Europe/Berlin", "2026-03-01T00:00:00Z", ["2026-03-01T08:00"]),
            ("0 9 * * *", "Asia/Kolkata", "2026-03-01T00:00:00Z", ["2026-03-01T03:30", "2026-03-02T03:30"]),
            ("0 0 * * mon", "America/New_York", "2026-03-01T12:00:00Z", ["2026-03-02T05:00", "2026-03-09T04:00"]),
        ]
    )
    func due(_ cron: String, _ zone: String, _ after: String, _ expected: [String]) throws {
        let found = try self.next(cron, zone, after: after, count: max(expected.count, 1))
        #expect(found == expected, "\(cron) in \(zone)")
    }

    @Test(
        "Where clocks are set",
        arguments: [
            // Berlin skips 02:00 to 03:00 on 29 March: a fixed time is due when the clock is set, several of them once.
            ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", ["2026-03-29T01:00", "2026-03-30T00:30"]),
            ("0,30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", ["2026-03-29T01:00", "2026-03-30T00:00"]),
            ("0 3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", ["2026-03-29T01:00", "2026-03-30T01:00"]),
            ("30 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", ["2026-03-29T01:00", "2026-03-29T01:30"]),
            // A star in hour or minute follows the clock.
            ("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", ["2026-03-29T00:30", "2026-03-29T01:30"]),
            ("*/30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", ["2026-03-30T00:00", "2026-03-30T00:30"]),
            // It shows 02:00 to 03:00 twice on 25 October: a fixed time is due the first time.
            ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", ["2026-10-25T00:30", "2026-10-26T01:30"]),
            ("30 2 * * *", "Europe/Berlin", "2026-10-25T00:45:00Z", ["2026-10-26T01:30"]),
            (
                "30 * * * *", "Europe/Berlin", "2026-10-24T23:45:00Z",
                ["2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T02:30"]
            ),
            (
                "*/30 2 * * *", "Europe/Berlin", "2026-10-24T22:00:00Z",
                ["2026-10-25T00:00", "2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30"]
            ),
            ("0 3 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", ["2026-10-25T02:00"]),
            // New York: 8 March and 1 November.
            ("15 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", ["2026-03-08T07:00", "2026-03-09T06:15"]),
            ("15 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", ["2026-11-01T05:15", "2026-11-02T06:15"]),
            (
                "15 * * * *", "America/New_York", "2026-11-01T05:00:00Z",
                ["2026-11-01T05:15", "2026-11-01T06:15", "2026-11-01T07:15"]
            ),
            // Half an hour, at Lord Howe, and a whole day that Samoa never had: no summer begins with that.
            ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T10:00:00Z", ["2026-10-03T15:30", "2026-10-04T15:15"]),
            ("0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z", ["2012-12-29T22:00"]),
        ]
    )
    func clocks(_ cron: String, _ zone: String, _ after: String, _ expected: [String]) throws {
        #expect(try self.next(cron, zone, after: after, count: expected.count) == expected, "\(cron) in \(zone)")
    }

    @Test("For a year in Berlin and New York it is due exactly when the clock says so, minute by minute")
    func everyMinute() throws {
        for zone in ["Europe/Berlin", "America/New_York"] {
            let rules = try ZoneCatalog().rules(of: zone)
            let cron = try CronExpression("*/15 1-3 * * *")
            let start = CivilDay(year: 2026, month: 1, day: 1).seconds
            var expected = try #require(cron.next(after: Timestamp(wholeSeconds: start), in: rules)).wholeSeconds
            for moment in stride(from: start + 60, to: start + 366 * 86_400, by: 60) {
                let local = LocalTime(Timestamp(wholeSeconds: moment), in: rules)
                let isDue = (1...3).contains(local.minute / 60) && local.minute % 15 == 0
                #expect(isDue == (moment == expected), "\(zone) \(Timestamp(wholeSeconds: moment))")
                guard isDue else { continue }
                expected = try #require(cron.next(after: Timestamp(wholeSeconds: moment), in: rules)).wholeSeconds
            }
        }
    }

    @Test(
        "What is wrong is named with its place",
        arguments: [
            ("60 * * * *", "the minute is 0 … 59, at character 1"),
            ("* 24 * * *", "the hour is 0 … 23, at character 3"),
            ("* * 0 * *", "the day of month is 1 … 31, at character 5"),
            ("* * * 13 *", "the month is 1 … 12, or jan … dec, at character 7"),
            ("* * * * 8", "the day of week is 0 … 7, or sun … sat, at character 9"),
            ("1,2,x * * * *", "the minute is 0 … 59, at character 5"),
            ("5-1 * * * *", "a range goes up, at character 1"),
            ("*/0 * * * *", "a step is a whole number from 1, at character 1"),
            ("5/10 * * * *", "a step needs * or a range before it, at character 1"),
            ("+5 * * * *", "the minute is 0 … 59, at character 1"), ("1,, * * * *", "at character 3"),
            ("* * * mon *", "the month is 1 … 12"),
            ("70  25 * * *", "at character 1; the hour is 0 … 23, at character 5"),
            ("* * * *", "five fields are needed, and there are 4"), ("", "there are 0"), ("@daily", "there are 1"),
            ("* * * * * *", "there are 6"), ("99999999999999999999 * * * *", "the minute is 0 … 59"),
            ("*-5 * * * *", "the minute is 0 … 59"), ("1-2-3 * * * *", "the minute is 0 … 59"),
            ("*/5/5 * * * *", "a step is"),
        ]
    )
    func wrong(_ text: String, _ words: String) {
        let error = #expect(throws: ChaosError.self) { try CronExpression(text) }
        #expect(error?.code == .badSchedule && error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test("Whatever is typed is read or refused, and what is read is due in the future")
    func anything() throws {
        var chance = SeededGenerator(seed: 11)
        let letters = Array("0123456789*/-,, jansufri@é")
        for _ in 0..<4_000 {
            let text = (0..<5).map { _ in
                String(
                    (0..<Int.random(in: 1...3, using: &chance)).map { _ in letters.randomElement(using: &chance) ?? "*"
                    }
                )
            }.joined(separator: " ")
            guard let cron = try? CronExpression(text) else { continue }
            let now = Timestamp(microseconds: Int64.random(in: 0...4_000_000_000_000_000, using: &chance))
            if let next = cron.next(after: now, in: .utc) { #expect(next > now, "\(text)") }
        }
        #expect(throws: ChaosError.self) { try CronExpression(String(repeating: "1,", count: 200) + "1 * * * *") }
    }

    @Test("A window of the week, also one that goes over midnight")
    func windows() throws {
        let (from, to) = (try #require(ClockTime("22:00")), try #require(ClockTime("06:00")))
        let night = WeeklyWindow(days: [.fri], from: from, to: to)
        #expect(night.contains(.fri, minute: 1_320) && night.contains(.sat, minute: 359))
        #expect(
            !night.contains(.sat, minute: 360) && !night.contains(.fri, minute: 100)
                && !night.contains(.sat, minute: 1_320)
        )
        let day = WeeklyWindow(from: try #require(ClockTime("00:00")), to: try #require(ClockTime("24:00")))
        #expect(Weekday.allCases.allSatisfy { day.contains($0, minute: 0) && day.contains($0, minute: 1_439) })
        for text in ["24:01", "7:00", "07:60", "0700", "-1:00", "aa:bb", "07:00:00", "+7:00"] {
            #expect(ClockTime(text) == nil)
        }
        #expect(ClockTime("07:05")?.description == "07:05")
    }
}
