import Glibc
import OpsModel
import OpsSystem

/// `ChaosServer revert [FAULT] [--all]`: takes faults back with nothing else alive.
///
/// Exit codes: 0 nothing of ours is left and the record says so, 75 something is still waiting, 1 a person has to look.
struct RevertProgram {
    static let pendingCode: Int32 = 75
    let state: String
    let cause: EndCause

    /// Runs the undo of these faults one after the other and prints one JSON line about each.
    func run(_ ids: [String]) -> Int32 {
        let undo = Undo(store: FaultStore(state: self.state), cause: self.cause)
        let codes = ids.map { self.revert($0, undo) }
        return codes.contains(1) ? 1 : codes.contains(Self.pendingCode) ? Self.pendingCode : 0
    }

    private func revert(_ id: String, _ undo: Undo) -> Int32 {
        do throws(ChaosError) {
            let result = try undo.run(id)
            self.say(RevertAnswer(id, result))
            return result.isOver ? 0 : result.verdict == .failed ? 1 : Self.pendingCode
        } catch {
            self.say(RevertAnswer(id, error))
            return 1
        }
    }

    private func say(_ answer: RevertAnswer) {
        guard let bytes = try? OpsJSON.encode(answer) else { return }  // our own type always has a JSON text
        // Nobody may be reading
        try? FileDescriptor(owning: dup(1)).write(bytes + [UInt8(ascii: "\n")], doing: "answer")
    }
}

/// What one revert says on its output.
struct RevertAnswer: Codable, Sendable {
    var fault: String
    var verdict: UndoVerdict
    var outcomes: [EffectReport]
    var isRecorded: Bool
    var error: String?

    enum CodingKeys: String, CodingKey {
        case fault, verdict, outcomes, error
        case isRecorded = "is_recorded"
    }

    init(_ id: String, _ result: Undo.Result) {
        self.fault = id
        self.verdict = result.verdict
        self.outcomes = result.reports
        self.isRecorded = result.isRecorded
    }

    init(_ id: String, _ error: ChaosError) {
        self.fault = id
        self.verdict = .failed
        self.outcomes = []
        self.isRecorded = false
        self.error = error.description
    }
}

extension RevertProgram {
    /// Starts a process of its own that undoes faults one after the other.
    static func spawn(
        _ faults: [String],
        state: String,
        cause: EndCause,
        output: Int32? = nil
    ) throws(SystemError) -> ChildProcess {
        let null = try FileDescriptor(opening: "/dev/null", O_WRONLY)
        let spawn = Spawn(
            path: executablePath(),
            arguments: ["revert"] + faults + ["--state", state, "--cause", cause.rawValue],
            directory: "/",
            standardOutput: output ?? null.raw
        )
        return try withExtendedLifetime(null) { () throws(SystemError) in try spawn.start() }
    }
}

extension RevertProgram {
    /// The verb with its arguments.
    static func main(_ arguments: [String]) -> Int32 {
        Holding.prepareProcess()
        let words = PlainArguments(arguments, flags: ["all"])
        guard let state = words["state"] ?? words["config"].flatMap(self.stateDirectory), FileSystem.isDirectory(state)
        else {
            return self.complain("name the injector's directory with --state DIR, or its settings with --config FILE")
        }
        StateOwner.become(of: state)
        if let reason = words["reason"] { return self.kill(state, reason, words["actor"] ?? "operator") }
        let cause = words["cause"].flatMap(EndCause.init) ?? .request
        do throws(SystemError) {
            let ids = words.flags.contains("all") ? try self.allOpen(state) : words.words
            guard words.flags.contains("all") || !ids.isEmpty else { return self.complain("name a fault, or --all") }
            return RevertProgram(state: state, cause: cause).run(ids)
        } catch {
            return self.complain(error.message)
        }
    }

    /// Those whose record cannot be read come last, so that each is complained about and none is forgotten.
    private static func allOpen(_ state: String) throws(SystemError) -> [String] {
        let survey = try FaultStore(state: state).survey()
        return survey.open.map(\.id) + survey.unreadable
    }

    /// The kill switch with nothing alive: latch, undo, and the report as one JSON line.
    private static func kill(_ state: String, _ reason: String, _ actor: String) -> Int32 {
        do throws(ChaosError) {
            let report = try KillSwitch(state: state).press(reason: reason, actor: actor, wait: .seconds(5))
            let bytes = (try? OpsJSON.encode(report)) ?? []  // our own type always has a JSON text
            // Nobody may be reading
            try? FileDescriptor(owning: dup(1)).write(bytes + [UInt8(ascii: "\n")], doing: "answer")
            return !report.failed.isEmpty ? 1 : report.pending.isEmpty ? 0 : self.pendingCode
        } catch {
            return self.complain(error.description)
        }
    }

    /// The one line of the settings that an undo needs: they may have become unreadable as a whole.
    private static func stateDirectory(in settings: String) -> String? {
        // Told as a missing directory
        guard let text = try? FileSystem.text(settings, limit: 1 << 20) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("state:") }
        return line.map { $0.dropFirst("state:".count).filter { !" \"'".contains($0) } }
    }

    private static func complain(_ text: String) -> Int32 {
        // Nobody may be reading
        try? FileDescriptor(owning: dup(2)).write(Array("revert: \(text)\n".utf8), doing: "complain")
        return 2
    }
}

/// Whose files the injector's state is.
enum StateOwner {
    /// Root becomes the owner first, so that files it makes can be read by the service, and the database lets it in.
    static func become(of state: String) {
        var status = stat()
        guard geteuid() == 0, stat(state, &status) == 0, status.st_uid != 0,
            let user = SystemUser.with(uid: status.st_uid)
        else { return }
        guard initgroups(user.name, user.gid) == 0, setgid(user.gid) == 0, setuid(user.uid) == 0 else { exit(77) }
    }
}
