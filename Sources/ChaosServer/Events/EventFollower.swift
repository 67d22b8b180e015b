import OpsModel
import OpsSystem

/// Reads journals, latch and resumptions, and puts what is new into an outbox; it writes nothing itself.
struct EventFollower: Sendable {
    let state: String
    let sinks: [EventSink]
    private var store: FaultStore { FaultStore(state: self.state) }
    private var all: [String] { self.sinks.map(\.name) }
    /// Whoever may know that something was broken at all.
    private var referees: [String] { self.sinks.filter { $0.audience == .referee }.map(\.name) }

    init(state: String, sinks: [EventSink]) {
        self.state = state
        self.sinks = sinks
    }

    /// - Throws: when the faults cannot be listed; one whose record cannot be read is looked at again.
    func follow(_ outbox: inout EventOutbox) throws(SystemError) {
        let ids = try self.store.ids()
        outbox.keep(ids)
        let news = ids.filter { !outbox.isOver($0) }.compactMap { id in
            (try? self.store.file(id)).flatMap { file in file.map { (id, $0.plan?.open == true, $0.events) } }
        }
        for (id, isOpen, events) in news.sorted(by: { Self.start($0.2) < Self.start($1.2) }) {
            outbox.take(events, of: id, for: isOpen ? self.all : self.referees)
        }
        for event in self.controls() { outbox.take(event, for: self.referees) }
    }

    /// Counts everything that has ended as told: who is told from now on asks for no history.
    func skipHistory(_ outbox: inout EventOutbox) throws(SystemError) {
        for id in try self.store.ids() {
            guard let file = try? self.store.file(id), !file.machine.isOpen else { continue }
            outbox.take(file.events, of: id, for: [])
        }
        for event in self.controls() { outbox.take(event, for: []) }
    }

    private static func start(_ events: [ChaosEvent]) -> Timestamp { events.first?.at ?? .now() }

    /// Presses and resumptions in their order.
    ///
    /// A press that was lifted before anybody looked is known by its resumption alone.
    private func controls() -> [ChaosEvent] {
        var events: [ChaosEvent] = []
        // Unreadable now, readable at another look.
        for bytes in (try? Journal.read("\(self.state)/controls"))?.records ?? [] {
            guard let line = try? OpsJSON.decode(JSONValue.self, from: bytes), line["event"] == "resume",
                let kill = line["kill_id"]?.stringValue,
                let at = line["at"]?.stringValue.flatMap({ Timestamp($0) })
            else { continue }
            events.append(ChaosEvent(.killed, of: kill, at: at, ["kill_id": .string(kill)]))
            events.append(
                ChaosEvent(
                    .resumed,
                    of: kill,
                    at: at,
                    [
                        "kill_id": .string(kill), "actor": line["actor"] ?? .null, "reason": line["reason"] ?? .null,
                        "force": line["force"] ?? .null,
                    ]
                )
            )
        }
        if let latch = LatchFile(state: self.state).read() {
            let data: JSONValue = [
                "kill_id": .string(latch.killID), "actor": .string(latch.actor), "reason": .string(latch.reason),
            ]
            events.append(ChaosEvent(.killed, of: latch.killID, at: latch.at, data))
        }
        return events
    }
}
