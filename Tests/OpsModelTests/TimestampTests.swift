import OpsModel
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
        (-1_000, "1969-12-31T23:59:59.999Z"),
        (1_790_000_000_123_456, "2026-09-21T14:13:20.123456Z"),
    ])
    func printsAndReadsBack(microseconds: Int64, text: String) {
        let moment = Timestamp(microseconds: microseconds)
        #expect(moment.description == text)
        #expect(Timestamp(text) == moment)
    }

    @Test func readsAnOffset() {
        #expect(Timestamp("2026-11-21T03:00:00+01:00") == Timestamp("2026-11-21T02:00:00Z"))
    }

    /// Whoever sends a date must not be able to end the program that reads it.
    @Test(arguments: ["300000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z"])
    func refusesAYearOfOtherThanFourDigits(text: String) { #expect(Timestamp(text) == nil) }

    /// The first is how others write "not yet".
    @Test func readsTheFirstAndTheLastYear() {
        #expect(Timestamp("0001-01-01T00:00:00Z") != nil)
        #expect(Timestamp("9999-12-31T23:59:59Z")?.description == "9999-12-31T23:59:59.000Z")
    }

    @Test(arguments: ["", "yesterday", "2026-13-01T00:00:00Z", "12:00"])
    func refusesWhatIsNoTime(text: String) { #expect(Timestamp(text) == nil) }
}
