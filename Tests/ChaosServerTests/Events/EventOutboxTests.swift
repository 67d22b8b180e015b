import OpsModel
import Testing

@testable import ChaosServer

@Suite("What waits for whoever is told of faults")
struct EventOutboxTests {
    private let now = Timestamp(secondsSinceEpoch: 1_000)

    private func event(_ kind: ChaosEvent.Kind, _ subject: String, after seconds: Double = 0) -> ChaosEvent {
        ChaosEvent(kind, of: subject, at: self.now + seconds, ["fault": .string(subject)])
    }

    private func outbox(_ sinks: String...) -> EventOutbox {
        var outbox = EventOutbox()
        outbox.serve(sinks)
        return outbox
    }

    private func drain(_ outbox: inout EventOutbox, _ sink: String) -> [ChaosEvent] {
        var events: [ChaosEvent] = []
        while let event = outbox.next(for: sink) {
            events.append(event)
            outbox.delivered(event, to: sink)
        }
        return events
    }

    @Test("Each event waits once for each of its sinks, in order, until that sink has taken it")
    func order() {
        var outbox = self.outbox("a", "b")
        let (asked, there, over) = (self.event(.requested, "f"), self.event(.applied, "f"), self.event(.ended, "f"))
        outbox.take([asked], of: "f", for: ["a", "b"])
        outbox.take([asked, there], of: "f", for: ["a", "b"])
        #expect(outbox.hasOpen && !outbox.isOver("f"))
        outbox.take([asked, there, over], of: "f", for: ["a"])
        #expect(!outbox.hasOpen && outbox.isOver("f"))
        #expect(outbox.next(for: "a") == asked && outbox.next(for: "a") == asked)
        #expect(self.drain(&outbox, "a") == [asked, there, over])
        #expect(self.drain(&outbox, "b") == [asked, there])
        outbox.take([asked, there, over], of: "f", for: ["a"])
        #expect(outbox.next(for: "a") == nil)
    }

    @Test("A kill and its resumption are told once each")
    func controls() {
        var outbox = self.outbox("a")
        for _ in 0..<3 {
            outbox.take(self.event(.killed, "k"), for: ["a"])
            outbox.take(self.event(.resumed, "k"), for: ["a"])
        }
        #expect(self.drain(&outbox, "a").map(\.kind) == [.killed, .resumed])
    }

    @Test("Too many are dropped from the oldest on, and how many is told in their place, once")
    func bound() throws {
        var outbox = self.outbox("a", "b")
        let number = EventOutbox.most + 10
        for index in 0..<number {
            outbox.take([self.event(.requested, "f\(index)", after: Double(index))], of: "f\(index)", for: ["a"])
        }
        #expect(outbox.waiting(for: "a") == EventOutbox.most && outbox.waiting(for: "b") == 0)
        let events = self.drain(&outbox, "a")
        let lost = try #require(events.first)
        #expect(lost.kind == .lost && lost.data["dropped"] == 10)
        #expect(
            lost.data["since"]?.stringValue == "\(self.now)" && lost.data["until"]?.stringValue == "\(self.now + 9)"
        )
        #expect(events.dropFirst().first?.data["fault"] == "f10" && events.count == EventOutbox.most + 1)
        #expect(self.drain(&outbox, "a").isEmpty)
    }

    @Test("An event that is dropped while it is on its way is not taken for another one")
    func droppedOnItsWay() throws {
        var outbox = self.outbox("a")
        outbox.take([self.event(.requested, "first")], of: "first", for: ["a"])
        let next = outbox.next(for: "a")
        let sent = try #require(next)
        for index in 0..<EventOutbox.most {
            outbox.take([self.event(.requested, "f\(index)")], of: "f\(index)", for: ["a"])
        }
        outbox.delivered(sent, to: "a")
        #expect(outbox.waiting(for: "a") == EventOutbox.most)
        #expect(outbox.next(for: "a")?.data["dropped"] == 1)
    }

    @Test("What lies on disk is the whole of it; a sink that is gone is forgotten, a new one gets what is new")
    func restored() throws {
        var outbox = self.outbox("a", "b")
        outbox.take([self.event(.requested, "f")], of: "f", for: ["a", "b"])
        var other = try OpsJSON.decode(EventOutbox.self, from: OpsJSON.encode(outbox))
        #expect(other == outbox)
        other.serve(["b", "c"])
        other.take([self.event(.requested, "f"), self.event(.ended, "f")], of: "f", for: ["b", "c"])
        #expect(self.drain(&other, "a").isEmpty)
        #expect(self.drain(&other, "b").map(\.kind) == [.requested, .ended])
        #expect(self.drain(&other, "c").map(\.kind) == [.ended])
        other.keep([])
        #expect(!other.isOver("f"))
    }
}
