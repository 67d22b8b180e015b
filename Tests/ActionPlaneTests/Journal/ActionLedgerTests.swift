import OpsModel
import Testing

@testable import ActionPlane

/// From which moment on a service takes grants, over starts that found their journal whole and starts that did not.
@Suite struct ActionLedgerTests {
    private let start = Timestamp(microseconds: 1_800_000_000_000_000)

    private func opened(after seconds: Double, forgetsBefore: Timestamp?, confirmsClock: Bool = false) -> JournalEntry {
        let at = start + seconds
        return .opened(.init(bootID: "b", at: at, confirmsClock: confirmsClock, forgetsBefore: forgetsBefore))
    }

    private func horizon(
        _ lines: [JournalEntry],
        isWhole: Bool = true,
        confirmsClock: Bool = false,
        after seconds: Double
    ) -> Timestamp? {
        ActionLedger(lines).horizon(isWhole: isWhole, confirmsClock: confirmsClock, now: start + seconds)
    }

    @Test func aWholeJournalForgetsNothing() {
        #expect(horizon([opened(after: 0, forgetsBefore: nil)], after: 5) == nil)
    }

    @Test func aLossIsRememberedByEveryLaterStart() {
        var lines: [JournalEntry] = []
        #expect(horizon(lines, isWhole: false, after: 0) == start)
        lines.append(opened(after: 0, forgetsBefore: start))
        #expect(horizon(lines, after: 5) == start)
        lines.append(opened(after: 5, forgetsBefore: start))
        #expect(horizon(lines, after: 3_600) == start)
        #expect(horizon(lines, isWhole: false, after: 10) == start + 10, "the newest loss counts")
    }

    @Test func aClockThatWentBackDoesNotShortenIt() {
        let lines = [opened(after: 60, forgetsBefore: start + 60)]
        #expect(horizon(lines, isWhole: false, after: 0) == start + 60)
        #expect(horizon(lines, confirmsClock: true, after: 0) == start, "a person said that the other clock was wrong")
    }

    @Test func readsLinesOfAServiceThatDidNotWriteIt() throws {
        let line = #"{"kind":"opened","line":{"at":"2026-11-21T12:00:00Z","boot_id":"b","confirms_clock":false}}"#
        let entry = try OpsJSON.decode(JournalEntry.self, from: line.utf8)
        #expect(ActionLedger([entry]).forgetsBefore == nil)
    }
}
