import OpsRuntime

/// Every start and unexpected end of the target's programs over a span, from their supervisor's own log, or their engine.
///
/// Two readings of process start times cannot tell one restart from two; the log can.
struct ProgramHistory: Sendable, Equatable {
    /// What happened to one program.
    enum Event: Equatable {
        case started
        /// It ended, and nobody had told it to.
        case failed
        /// It was held still; only an engine writes this down.
        case paused
        case resumed
    }

    /// In order.
    private(set) var events: [(program: String, event: Event)] = []

    static func == (one: ProgramHistory, other: ProgramHistory) -> Bool {
        one.events.elementsEqual(other.events, by: ==)
    }

    /// Reads lines like `… INFO spawned: 'web' with pid 7` and `… exited: web (terminated by SIGKILL; not expected)`.
    init(log: some StringProtocol) {
        for line in log.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            guard words.count > 4 else { continue }
            switch words[3] {
            case "spawned:": self.events.append((String(words[4].filter { $0 != "'" }), .started))
            case "exited:" where line.hasSuffix("not expected)"): self.events.append((String(words[4]), .failed))
            default: continue
            }
        }
    }

    /// Reads an engine's events: an end that nobody had asked for is one before which no signal was sent.
    init(events: [ContainerEvent]) {
        var asked: Set<String> = []
        for event in events {
            switch event.action {
            case "start":
                asked.remove(event.program)
                self.events.append((event.program, .started))
            case "kill": asked.insert(event.program)
            case "die" where !asked.contains(event.program): self.events.append((event.program, .failed))
            case "pause": self.events.append((event.program, .paused))
            case "unpause": self.events.append((event.program, .resumed))
            default: continue
            }
        }
    }

    /// How often the program was started.
    func starts(of program: String) -> Int { self.events.count { $0.program == program && $0.event == .started } }

    /// How often it ended by itself.
    func failures(of program: String) -> Int { self.events.count { $0.program == program && $0.event == .failed } }

    /// How often it was held still.
    func pauses(of program: String) -> Int { self.events.count { $0.program == program && $0.event == .paused } }

    /// How often it was let go on.
    func resumes(of program: String) -> Int { self.events.count { $0.program == program && $0.event == .resumed } }

    /// How often it ended by itself after it had been started within the span: starts that did not last.
    func failedStarts(of program: String) -> Int {
        let own = self.events.filter { $0.program == program }
        guard let first = own.firstIndex(where: { $0.event == .started }) else { return 0 }
        return own[first...].count { $0.event == .failed }
    }

    /// The programs that were started at all.
    var started: Set<String> { Set(self.events.lazy.filter { $0.event == .started }.map(\.program)) }

    /// The programs that were held still or let go on at all.
    var paused: Set<String> {
        Set(self.events.lazy.filter { $0.event == .paused || $0.event == .resumed }.map(\.program))
    }
}
