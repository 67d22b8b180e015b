import Testing

@testable import OpsRuntime

/// Moments are seconds after the beginning of the record.
@Suite struct EventRecordTests {
    private static let start = 1_700_000_000_000_000_000

    private var record = EventRecord(of: ["web", "api"], since: Self.start, limit: 4)

    private func event(_ second: Int, _ action: String = "start", _ container: String? = "web") -> EngineEvent {
        let subject = container.map { "id-\($0)" } ?? "other"
        return EngineEvent(
            nanoseconds: Self.start + second * 1_000_000_000,
            subject: subject,
            action: action,
            container: container
        )
    }

    /// Takes in one answer as a whole.
    private mutating func answer(_ events: EngineEvent...) -> EventRecord.Answer {
        var answer = record.begin()
        for event in events { record.take(event, of: &answer) }
        return answer
    }

    private func isLost(_ answer: EventRecord.Answer) -> Bool {
        do throws(RuntimeError) {
            _ = try record.all(upTo: answer)
            return false
        } catch { return error.code == .eventsLost }
    }

    @Test mutating func onlyWhatMattersIsKept() throws {
        let all = answer(
            event(-5),
            event(1, "exec_create: /bin/true"),
            event(2, "start", "opslab-web"),
            event(3, "start", nil),
            event(4)
        )
        #expect(try record.all(upTo: all) == [event(4)])
    }

    @Test mutating func whatComesTwiceIsKeptOnceAndInOrder() throws {
        _ = answer(event(-1, "exec_die"), event(3, "die"), event(4))
        let last = answer(event(2, "kill"), event(3, "die"), event(4), event(4), event(5, "pause", "api"))
        #expect(
            try record.all(upTo: last) == [event(2, "kill"), event(3, "die"), event(4), event(5, "pause", "api")]
        )
    }

    @Test mutating func itIsAskedFromBeforeTheLastEventWhateverThatIsAbout() {
        #expect(record.begin().since == event(-3_600).nanoseconds)
        _ = answer(event(1), event(9, "pull", nil))
        #expect(record.begin().since == event(8).nanoseconds)
        #expect(record.begin().known == event(9, "pull", nil))
    }

    @Test mutating func anAnswerInWhichTheLastEventComesAgainMissesNothing() throws {
        _ = answer(event(1), event(2, "exec_die"))
        // The engine put two of one moment in another order than it had told them.
        let next = answer(event(3, "die"), event(2, "exec_die"), event(4))
        #expect(record.last == event(4))
        #expect(try record.all(upTo: next) == [event(1), event(3, "die"), event(4)])
    }

    @Test mutating func anAnswerWithoutItMayMissSomething() {
        _ = answer(event(1), event(2, "exec_die"))
        let next = answer(event(8))
        #expect(isLost(next))
        #expect(record.last == event(2, "exec_die"), "the beginning of what is missing stays known")
        let more = answer(event(8), event(9))
        #expect(isLost(more))
        let empty = answer()
        #expect(isLost(empty))
    }

    @Test mutating func anAnswerThatWasMissedIsMadeUpForByTheNext() throws {
        _ = answer(event(1), event(2, "exec_die"))
        _ = answer()
        _ = answer(event(8))
        let next = answer(event(2, "exec_die"), event(7, "die"), event(8))
        #expect(try record.all(upTo: next) == [event(1), event(7, "die"), event(8)])
    }

    @Test mutating func nothingWasKnownAndTheEngineWentAway() throws {
        let quiet = answer()
        #expect(try record.all(upTo: quiet).isEmpty)
        record.cutOff()
        let next = answer(event(1))
        #expect(isLost(next))
    }

    @Test mutating func somethingWasKnownAndTheEngineWentAway() throws {
        _ = answer(event(1))
        record.cutOff()
        let next = answer(event(1), event(2, "die"))
        #expect(try record.all(upTo: next) == [event(1), event(2, "die")])
    }

    @Test mutating func thereIsAnEndToWhatIsKept() throws {
        let full = answer(event(1), event(2), event(3), event(4), event(4))
        #expect(try record.all(upTo: full).count == 4)
        let next = answer(event(4), event(5), event(6))
        #expect(isLost(next))
    }
}
