import OpsModel
import Testing

@testable import ControlPlane

@Suite struct TimelineWriterTests {
    private let began = Timestamp(secondsSinceEpoch: 1_000)

    private func bucket(_ second: Double, good: Int, bad: Int) -> ObservedJourneyBucket {
        ObservedJourneyBucket(
            bucket: JourneyBucket(seq: 1, journey: "browse", from: began + second, good: good, bad: bad),
            isStarved: false
        )
    }

    @Test func whatRefereeAndIncidentSayIsOneStory() {
        var writer = TimelineWriter(began: began)
        writer.note("held", "later", at: began + 9)
        writer.note("fault", "first", at: began + 1.26)
        let event = IncidentEvent(seq: 1, at: began + 3, type: "incident.opened", message: "page")
        let timeline = writer.timeline(events: [event], watch: JourneyWatch(objectives: [:], buckets: []))
        #expect(timeline.moments.map(\.type) == ["run.fault", "incident.opened", "run.held"])
        #expect(timeline.moments.map(\.atS) == [1.3, 3, 9])
    }

    @Test func halfSecondsMakeSecondsAndGapsStayGaps() {
        let buckets = [
            bucket(2, good: 3, bad: 1), bucket(2.5, good: 3, bad: 1), bucket(4.5, good: 5, bad: 0),
            bucket(5, good: 0, bad: 0),
        ]
        let timeline = TimelineWriter(began: began)
            .timeline(events: [], watch: JourneyWatch(objectives: ["browse": 0.99, "checkout": 0.9], buckets: buckets))
        #expect(timeline.journeys.map(\.journey) == ["browse", "checkout"])
        #expect(timeline.journeys[0].fromS == 2)
        #expect(timeline.journeys[0].good == [0.75, nil, 1, nil])
        #expect(timeline.journeys[1].good.isEmpty)
    }
}
