import OpsModel
import Synchronization

/// Knows what happens to a lab's containers from its making on.
///
/// - Important: Let ``follow()`` be at work for as long as it is to know: an engine forgets what it does not tell at once.
public final class EventWatch: Sendable {
    private let engine: EngineClient
    /// Programs by the names of their containers.
    private let programs: [String: String]
    private let pause: Duration
    private let record: Mutex<EventRecord>

    /// Asks the engine once, so that one that does not answer is found out at the beginning; `pause` lies between two tries to
    /// be told.
    init(
        _ engine: EngineClient,
        _ programs: [String: String],
        pause: Duration = .milliseconds(250)
    ) async throws(RuntimeError) {
        self.engine = engine
        self.programs = programs
        self.pause = pause
        record = Mutex(EventRecord(of: Set(programs.keys), since: Self.now))
        _ = try await read()
    }

    /// Takes in what the engine tells until the task is cancelled; an engine that ends is asked again when it is back.
    public func follow() async {
        while !Task.isCancelled {
            await listen()
            try? await Task.sleep(for: pause)  // whoever is cancelled here ends with the loop
        }
    }

    /// Everything that happened up to now, in order.
    ///
    /// - Throws: `events_lost` when something may be missing.
    public func events() async throws(RuntimeError) -> [ContainerEvent] {
        let answer = try await read()
        let events = try record.withLock { record throws(RuntimeError) in try record.all(upTo: answer) }
        return events.compactMap { event in
            event.container.flatMap { self.programs[$0] }.map { ContainerEvent(action: event.action, program: $0) }
        }
    }

    /// The last event up to which nothing is missing.
    var last: EngineEvent? { record.withLock { $0.last } }

    private func listen() async {
        var answer = record.withLock { $0.begin() }
        do {
            for try await line in engine.happenings(since: answer.since) {
                if let event = EngineEvent(line: line) { record.withLock { $0.take(event, of: &answer) } }
            }
        } catch {}  // whatever it was, the next answer shows whether anything was missed
        if !Task.isCancelled { record.withLock { $0.cutOff() } }
    }

    private func read() async throws(RuntimeError) -> EventRecord.Answer {
        var answer = record.withLock { $0.begin() }
        // An engine may have a clock of its own, a little ahead; and this one's moments are whole microseconds.
        let end = max(Self.now + 1_000, answer.known?.nanoseconds ?? 0)
        for event in try await engine.events(since: answer.since, until: end) {
            record.withLock { $0.take(event, of: &answer) }
        }
        return answer
    }

    private static var now: Int { Int(Timestamp.now().microseconds) * 1_000 }
}
