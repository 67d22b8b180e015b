/// What an engine said of some containers since a moment, put together from several answers: nothing twice, and nothing missing.
///
/// An engine remembers its last 256 events, whatever they are about, and none across a restart of its own. Whoever asks for
/// those since the last one that is known gets this one again, and after it all that came later; where it does not come,
/// others may be missing with it. That is why all events are taken in, and most of them let go of at once: the last of all is
/// hardly ever old, and the last of a few containers may have been forgotten long ago.
struct EventRecord: Sendable {
    /// One answer of the engine.
    struct Answer: Sendable {
        /// From when on to ask for it, in nanoseconds since 1970-01-01T00:00:00Z.
        let since: Int
        /// What was known before it.
        let known: EngineEvent?
        /// Whether what was known has come again, so that nothing is missing before what comes now.
        fileprivate(set) var isJoined: Bool
    }

    private static let kinds: Set<String> = ["start", "kill", "die", "pause", "unpause"]
    private static let second = 1_000_000_000

    private let start: Int
    private let containers: Set<String>
    private let limit: Int
    private var events: [EngineEvent] = []
    private var seen: Set<EngineEvent> = []
    private var isCutOff = false
    /// The last event up to which nothing is missing, whatever it is about.
    private(set) var last: EngineEvent?

    /// A record of what happens to containers of these names from a moment on, in nanoseconds since 1970-01-01T00:00:00Z.
    init(of containers: Set<String>, since start: Int, limit: Int = 10_000) {
        self.containers = containers
        self.start = start
        self.limit = limit
    }

    /// An answer begins: some time before what is known, because an engine may put two events of one moment in either order.
    func begin() -> Answer {
        let since = last.map { $0.nanoseconds - Self.second } ?? start - 3_600 * Self.second
        return Answer(since: since, known: last, isJoined: last == nil)
    }

    /// Takes in the next event of an answer.
    mutating func take(_ event: EngineEvent, of answer: inout Answer) {
        if event == answer.known { answer.isJoined = true }
        if answer.isJoined { last = event }
        guard Self.kinds.contains(event.action), event.container.map(containers.contains) == true,
            event.nanoseconds >= start, events.count <= limit, seen.insert(event).inserted
        else { return }
        events.append(event)
    }

    /// An answer ended that was to go on; as long as nothing is known, nothing can come again.
    mutating func cutOff() { isCutOff = isCutOff || last == nil }

    /// Everything in order, after an answer that went up to the present.
    ///
    /// - Throws: `events_lost` when something may be missing.
    func all(upTo answer: Answer) throws(RuntimeError) -> [EngineEvent] {
        guard events.count <= limit else {
            throw RuntimeError(.eventsLost, "more than \(limit) things happened to the lab's containers")
        }
        guard answer.isJoined, !isCutOff else {
            throw RuntimeError(
                .eventsLost,
                "the container engine has forgotten a part of what happened to the lab's containers",
                hint: "run it again; an engine that is restarted in between forgets what was before"
            )
        }
        return events.sorted { $0.nanoseconds < $1.nanoseconds }
    }
}
