import OpsModel
import Testing

@testable import Observer

@Suite("PageOutbox")
struct PageOutboxTests {
    private let now = Timestamp(secondsSinceEpoch: 5_000)

    private func page(_ journey: String, _ status: PageStatus = .firing) -> Page {
        Page(
            fingerprint: PageFingerprint.of(journey: journey),
            journey: journey,
            status: status,
            summary: "\(journey) burns",
            goodRatio: 0.5,
            objective: 0.99,
            burn: 50,
            startedAt: now,
            endedAt: status == .resolved ? now + 9 : nil
        )
    }

    @Test("a page that is late waits for its time")
    func late() {
        var outbox = PageOutbox()
        outbox.enqueue(page("checkout"))
        #expect(outbox.due(at: now + 4.9, lateBy: 5) == nil)
        #expect(outbox.due(at: now + 5, lateBy: 5)?.status == .firing)
        outbox.enqueue(page("checkout", .resolved))
        outbox.delivered()
        #expect(outbox.due(at: now + 13.9, lateBy: 5) == nil)
        #expect(outbox.due(at: now + 14, lateBy: 5)?.status == .resolved)
    }

    @Test("keeps the order, waits longer after each failure, forgets nothing")
    func retries() {
        var outbox = PageOutbox()
        outbox.enqueue(page("checkout"))
        outbox.enqueue(page("checkout", .resolved))
        #expect(outbox.due(at: now)?.status == .firing)
        outbox.failed(at: now)
        #expect(outbox.due(at: now + 0.1) == nil)
        #expect(outbox.due(at: now + 0.21)?.status == .firing)
        for _ in 0..<20 { outbox.failed(at: now) }
        #expect(outbox.due(at: now + 4.9) == nil)
        #expect(outbox.due(at: now + 5)?.status == .firing)
        outbox.delivered()
        #expect(outbox.due(at: now)?.status == .resolved)
        outbox.delivered()
        #expect(outbox.due(at: now) == nil)
        #expect(outbox.firing.isEmpty)
    }

    @Test("a page that still burns is sent again, a resolved one is not")
    func repeats() {
        var outbox = PageOutbox()
        outbox.enqueue(page("browse"))
        outbox.delivered()
        outbox.repeatFiring(at: now + 29, every: 30)
        #expect(outbox.due(at: now + 29) == nil)
        outbox.repeatFiring(at: now + 31, every: 30)
        #expect(outbox.due(at: now + 31)?.journey == "browse")
        outbox.delivered()
        outbox.enqueue(page("browse", .resolved))
        outbox.delivered()
        outbox.repeatFiring(at: now + 90, every: 30)
        #expect(outbox.due(at: now + 90) == nil)
    }

    @Test("survives the process")
    func persists() throws {
        var outbox = PageOutbox()
        outbox.enqueue(page("checkout"))
        let restored = try OpsJSON.decode(PageOutbox.self, from: OpsJSON.encode(outbox))
        #expect(restored.firing.map(\.journey) == ["checkout"])
        #expect(restored.due(at: now)?.fingerprint == PageFingerprint.of(journey: "checkout"))
    }

    @Test("the message is what an Alertmanager receiver expects")
    func message() throws {
        let message = AlertmanagerMessage(page: page("checkout"), externalURL: "http://127.0.0.1:8002")
        let document = try JSONValue(encoding: message)
        #expect(document["version"] == "4")
        #expect(document["status"] == "firing")
        #expect(document.at("alerts.0.labels.alertname") == "JourneyBurn")
        #expect(document.at("alerts.0.labels.journey") == "checkout")
        #expect(document.at("alerts.0.annotations.summary") == "checkout burns")
        #expect(document.at("alerts.0.fingerprint")?.stringValue?.count == 16)
        #expect(document.at("alerts.0.startsAt")?.stringValue == now.description)
        #expect(document.at("alerts.0.endsAt") == nil)
        #expect(PageFingerprint.of(journey: "a") != PageFingerprint.of(journey: "b"))
    }
}
