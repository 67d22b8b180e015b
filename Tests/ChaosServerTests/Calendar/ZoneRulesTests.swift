import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Time zones")
struct ZoneRulesTests {
    @Test(
        "This machine's zones are read, in winter and in summer",
        arguments: [
            ("Europe/Berlin", "2026-01-15T12:00:00Z", 3_600), ("Europe/Berlin", "2026-07-15T12:00:00Z", 7_200),
            ("America/New_York", "2026-01-15T12:00:00Z", -18_000),
            ("America/New_York", "2026-07-15T12:00:00Z", -14_400),
            ("Asia/Kolkata", "2026-07-15T12:00:00Z", 19_800), ("Australia/Sydney", "2026-01-15T12:00:00Z", 39_600),
            ("Europe/Berlin", "1980-07-15T12:00:00Z", 7_200), ("Europe/Berlin", "2060-07-15T12:00:00Z", 7_200),
            ("Europe/Berlin", "2060-01-15T12:00:00Z", 3_600), ("UTC", "2026-07-15T12:00:00Z", 0),
        ]
    )
    func offsets(_ name: String, _ moment: String, _ offset: Int) throws {
        let rules = try ZoneCatalog().rules(of: name)
        #expect(rules.offset(at: try #require(Timestamp(moment)).wholeSeconds) == offset)
    }

    @Test(
        "The rule at a file's end agrees with the changes that the file lists",
        arguments: ["Europe/Berlin", "America/New_York"]
    )
    func footer(_ name: String) throws {
        let rules = try ZoneCatalog().rules(of: name)
        let rest = try #require(rules.rest)
        let since = CivilDay(year: 2010, month: 1, day: 1).seconds
        for change in rules.changes where change.at > since {
            #expect(rest.offset(at: change.at) == change.offset)
            #expect(rest.offset(at: change.at - 1) == rules.offset(at: change.at - 1))
        }
        let slim = ZoneRules(first: rules.first, changes: rules.changes.filter { $0.at <= since }, rest: rest)
        for day in 0..<2_000 {
            #expect(slim.offset(at: since + day * 86_400) == rules.offset(at: since + day * 86_400))
        }
    }

    @Test("A time that the clock skips and one that it shows twice are told from the others")
    func moments() throws {
        let berlin = try ZoneCatalog().rules(of: "Europe/Berlin")
        let gap = CivilDay(year: 2026, month: 3, day: 29).seconds
        let turn = try #require(Timestamp("2026-03-29T01:00:00Z")).wholeSeconds
        #expect(berlin.moments(of: gap + 9_000) == .skipped(at: turn, length: 3_600))
        #expect(berlin.moments(of: gap + 10_800) == .shown([turn]))
        let fold = CivilDay(year: 2026, month: 10, day: 25).seconds
        let first = try #require(Timestamp("2026-10-25T00:30:00Z")).wholeSeconds
        #expect(berlin.moments(of: fold + 9_000) == .shown([first, first + 3_600]))
    }

    @Test(
        "Rules as POSIX writes them",
        arguments: [
            ("CET-1CEST,M3.5.0,M10.5.0/3", 3_600, 7_200), ("EST5EDT,M3.2.0,M11.1.0", -18_000, -14_400),
            ("<+0530>-5:30", 19_800, 19_800), ("AEST-10AEDT,M10.1.0,M4.1.0/3", 36_000, 36_000),
            ("IST-2IDT,M3.4.4/26,M10.5.0", 7_200, 10_800), ("AAA3BBB,J60/0,J300/0", -10_800, -7_200),
            ("AAA3BBB2:30,59/0,300/0", -10_800, -9_000),
        ]
    )
    func posix(_ text: String, _ january: Int, _ july: Int) throws {
        let rule = try #require(RecurringOffset(text))
        #expect(rule.offset(at: CivilDay(year: 2026, month: 7, day: 15).seconds) == july)
        if text.hasPrefix("AEST") {
            #expect(rule.offset(at: CivilDay(year: 2026, month: 1, day: 15).seconds) == 39_600)
        } else {
            #expect(rule.offset(at: CivilDay(year: 2026, month: 1, day: 15).seconds) == january)
        }
    }

    @Test(
        "What is no rule",
        arguments: [
            "", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-25", "CET-1CEST,M3.5.0", "CET-1x",
            "<CET-1",
        ]
    )
    func noRule(_ text: String) { #expect(RecurringOffset(text) == nil) }

    @Test("Names that are none, or would lead out of the directory, are refused")
    func names() throws {
        for name in [
            "Europe/Nowhere", "../etc/passwd", "/etc/passwd", "", "Europe//Berlin", "zone.tab", "Europe", "a/b/c/d",
        ] {
            let error = #expect(throws: ChaosError.self) { try ZoneCatalog().rules(of: name) }
            #expect(error?.code == .badSchedule, "\(name)")
        }
    }

    @Test("A damaged file is refused, whatever its damage")
    func damaged() throws {
        let bytes = try FileSystem.read("/usr/share/zoneinfo/Europe/Berlin")
        #expect(ZoneFile.parse(bytes) != nil)
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(ZoneFile.parse(Array(bytes.prefix(length))) == nil)
        }
        for place in 0..<min(bytes.count, 1_500) {
            var damaged = bytes
            damaged[place] ^= 0xFF
            // It may still be a file of some other zone; reading it must not trap.
            _ = ZoneFile.parse(damaged)?.offset(at: 0)
        }
    }

    @Test("Days and dates are turned into each other over eight hundred years")
    func days() {
        var (year, month, day) = (1600, 1, 1)
        for number in CivilDay(year: 1600, month: 1, day: 1).number...CivilDay(year: 2400, month: 12, day: 31).number {
            let date = CivilDay(number: number)
            #expect(date.year == year && date.month == month && date.day == day)
            #expect(CivilDay(year: year, month: month, day: day).number == number)
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
            day += 1
            if day > length { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(CivilDay(year: 1970, month: 1, day: 1).number == 0)
        #expect(CivilDay(year: 1970, month: 1, day: 1).weekday == 4)
    }
}
