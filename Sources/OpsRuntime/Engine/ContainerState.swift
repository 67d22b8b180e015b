import OpsModel
import OpsSystem

extension ProgramState {
    /// What an engine says about the container of a program; nil for an answer that makes no sense.
    ///
    /// Its process has the number that it has in the engine's own namespace, which is nobody else's business; together with
    /// its start it tells one incarnation from the next.
    init?(container answer: JSONValue?, name: String) {
        guard let state = answer?["State"], let word = state["Status"]?.stringValue else { return nil }
        let phase: Phase =
            switch word {
            case "created": .stopped
            case "running", "paused": .running
            case "restarting": .backoff
            case "removing": .stopping
            case "exited", "dead": .exited
            default: .unknown
            }
        let started = state["StartedAt"]?.stringValue.flatMap(EngineTime.init)
        let ended = state["FinishedAt"]?.stringValue.flatMap(EngineTime.init)
        let pid = state["Pid"]?.intValue.flatMap { $0 > 0 ? Int32(exactly: $0) : nil }
        self.init(
            name: name,
            phase: phase,
            pid: pid,
            started: started.map(\.seconds),
            ended: ended.map(\.seconds),
            exitStatus: state["ExitCode"]?.intValue ?? 0,
            incarnation: pid.flatMap { pid in started.map { $0.identity(pid) } }
        )
        pauseOfEngine = state["Paused"]?.boolValue == true
        health = ContainerHealth(state["Health"])
    }
}

/// A moment as an engine writes it; its year 1 means never.
struct EngineTime {
    private let moment: Timestamp

    init?(_ text: String) {
        // Nanoseconds are more than a timestamp keeps.
        let parts = text.split(separator: ".", maxSplits: 1)
        let fraction = parts.count == 2 ? parts[1].prefix { $0.isNumber } : ""
        let zone = parts.count == 2 ? parts[1].dropFirst(fraction.count) : ""
        let short = fraction.isEmpty ? text : "\(parts[0]).\(fraction.prefix(6))\(zone)"
        guard let moment = Timestamp(short), moment.secondsSinceEpoch > 0 else { return nil }
        self.moment = moment
    }

    var seconds: Int { Int(moment.secondsSinceEpoch) }

    /// In microseconds instead of ticks, and of no boot: it can be compared with another of an engine, and nothing else.
    func identity(_ pid: Int32) -> ProcessIdentity {
        ProcessIdentity(pid: pid, startTicks: UInt64(clamping: moment.microseconds), bootID: "engine")
    }
}
