import OpsModel
import Testing

@testable import ControlPlane

@Suite struct JourneyOutageTests {
    private let start = Timestamp(secondsSinceEpoch: 1_000)

    /// Half seconds of a journey from `start` on, `.` for good requests and `x` for bad ones only.
    private func buckets(_ journey: String, _ signs: String) -> [ObservedJourneyBucket] {
        signs.enumerated().map { index, sign in
            let bucket = JourneyBucket(
                seq: index,
                journey: journey,
                from: start + 0.5 * Double(index),
                good: sign == "." ? 20 : 0,
                bad: sign == "." ? 0 : 9
            )
            return ObservedJourneyBucket(bucket: bucket, isStarved: false)
        }
    }

    private func watch(_ checkout: String, _ browse: String = "") -> JourneyWatch {
        JourneyWatch(
            objectives: ["checkout": 0.99, "browse": 0.99],
            buckets: buckets("checkout", checkout) + buckets("browse", browse)
        )
    }

    private func action(_ fromS: Double, _ doneS: Double) -> ActionSpan {
        ActionSpan(from: start + fromS, to: start + doneS + ActionSpan.afterS)
    }

    @Test func theOutageOfTheFaultIsNotTheRepairs() {
        #expect(watch("....xxxxxxxxxx......").outage(near: [action(4, 5)]) == 0)
    }

    @Test func anOutageThatCameWithTheActionIs() {
        #expect(watch("....xxxxxxxxxx......", "........xxxxxxxx....").outage(near: [action(4, 5)]) == 2.5)
        #expect(watch("........xxxxxx......").outage(near: []) == 0)
    }

    @Test func onlyWhatIsNearAnActionCounts() {
        let quiet = String(repeating: ".", count: 40)
        #expect(watch(quiet + "xxxxxxxx").outage(near: [action(2, 3)]) == 0)
        #expect(watch(quiet + "xxxxxxxx").outage(near: [action(2, 3), action(19, 20)]) == 3.5)
    }

    @Test func timeNearTwoActionsCountsOnce() {
        #expect(watch("........xxxxxxxx....").outage(near: [action(2, 3), action(3.5, 4)]) == 4)
    }

    @Test func readsActionsFromTheTimeline() {
        func event(_ seq: Int, _ at: Double, _ type: String) -> IncidentEvent {
            IncidentEvent(seq: seq, at: start + at, type: type, message: "")
        }
        let events = [
            event(1, 0, "diagnosis.given"), event(2, 4, "action.requested"), event(3, 6, "action.done"),
            event(4, 6, "action.requested"), event(5, 7, "action.not_done"), event(6, 9, "action.requested"),
        ]
        #expect(ActionSpan.all(in: events) == [action(4, 6), action(6, 7), action(9, 9)])
    }
}
