import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSpec
import OpsSystem
import OpsTrust

/// Reads the world itself: process starts, role verifiers, files, sessions.
///
/// It asks neither ActionPlane nor ChaosServer what they did. Every difference between two readings must be accounted for by
/// a grant that was used up, by a fault's undo, or by what the target does anyway.
struct WorldCensus: Sendable {
    let lab: RefereeLab

    init(_ lab: RefereeLab) { self.lab = lab }

    /// Reads everything; `marks` are traces to look for.
    func take(lookingFor marks: [FaultMark] = []) async throws -> WorldSnapshot {
        var snapshot = WorldSnapshot()
        for program in try await lab.lab.control(of: .target).programs() {
            snapshot.processes[program.name] = .some(program.phase == .running ? program.identity?.startTicks : nil)
            if program.isPaused { snapshot.paused.insert(program.name) }
        }
        for (name, bound) in lab.bindings.config { snapshot.files[name] = try Self.hash(bound.path) }
        try readKeys(into: &snapshot)
        for (name, bound) in lab.bindings.components {
            guard let path = bound.path else { continue }
            snapshot.directories[name] = FileSystem.inode(path).map { "\($0)" } ?? "absent"
        }
        snapshot.traces = try await marks.compactMap(Self.trace) + holders().map { "process \($0) holds a fault" }
        for mark in marks where mark.kind == .pause && snapshot.paused.remove(mark.subject) != nil {
            snapshot.traces.append("\(mark.subject) is held still by the fault")
        }
        for mark in marks where mark.kind == .link {
            guard try await isClosed(mark.subject) else { continue }
            snapshot.traces.append("a way out of \(mark.subject) is closed by the fault")
        }
        for mark in marks where mark.kind == .strain {
            guard try isStrained(mark.subject) else { continue }
            snapshot.traces.append("\(mark.subject) is under the fault's strain")
        }
        try await readDatabase(into: &snapshot, marks)
        snapshot.lockedOut = try await lockedOut()
        return snapshot
    }

    /// What accounts for changes since a moment.
    func ledger(since start: Timestamp, faults: [FaultRecord]) throws -> AuthorityLedger {
        AuthorityLedger(
            topology: lab.topology,
            bindings: lab.bindings,
            granted: try GrantedRun.read(journal: "\(lab.lab.layout.service("action"))/journal", since: start),
            faults: faults
        )
    }

    /// The file without its comments, which no component reads.
    private static func hash(_ path: String) throws -> String {
        let lines = try FileSystem.text(path).split(separator: "\n").filter { !$0.hasPrefix("#") }
        return Digest.sha256(lines.joined(separator: "\n")).hex
    }

    /// The lists of the keys that providers take, and whether those of their callers are on them.
    private func readKeys(into snapshot: inout WorldSnapshot) throws {
        for (name, bound) in lab.bindings.components.sorted(by: { $0.key < $1.key }) {
            guard let path = bound.keys else { continue }
            let list = AcceptedKeys(text: try FileSystem.text(path))
            snapshot.keys[name] = list.fingerprint
            for source in lab.topology.config {
                guard let file = lab.bindings.config[source.name] else { continue }
                let settings = try EnvironmentFile(path: file.path)
                let shared = source.secrets.filter { $0.use == .sharedKey && $0.component == name }
                if shared.contains(where: { !list.accepts(settings[$0.key] ?? "") }) { snapshot.refusing.append(name) }
            }
        }
    }

    private static func trace(_ mark: FaultMark) throws -> String? {
        if mark.kind == .entries {
            let kept = try PromisedEntries(directory: mark.subject).paths()
            return kept.isEmpty ? nil : "\(mark.subject) has entries that stay because of the fault"
        }
        guard mark.kind == .file, FileSystem.exists(mark.subject) else { return nil }
        // A large file has a name that nobody else gives.
        guard mark.fingerprint != nil else { return "\(mark.subject) is still there" }
        let hash = Digest.sha256(try FileSystem.read(mark.subject)).hex
        return hash == mark.fingerprint ? "\(mark.subject) has the fault's content" : nil
    }

    /// Whether the kernel lets nothing out of an instance to somebody.
    ///
    /// - Throws: when nobody in its network can be asked.
    private func isClosed(_ program: String) async throws -> Bool {
        let instances = lab.bindings.components.values.flatMap { $0.instances ?? [] }
        guard let link = instances.first(where: { $0.program == program })?.link else { return false }
        let request = HTTPClientRequest(url: "http://localhost/ways", timeout: .seconds(3), unixSocket: link.socket)
        let answer = try OpsJSON.decode(JSONValue.self, from: try await lab.lab.http.send(request).body)
        guard let closed = answer["data"]?["closed"]?.arrayValue else {
            throw RuntimeError(.componentFailed, "\(link.program) cannot say which ways out of \(program) are closed")
        }
        return !closed.isEmpty
    }

    /// Whether a program of the target says that it is under a strain; one that is down is under none.
    private func isStrained(_ program: String) throws -> Bool {
        let bound = lab.bindings.components.values
        let instances = bound.flatMap { $0.instances ?? [] }.map { ($0.program, $0.strains) }
        let providers = bound.flatMap { ($0.providers ?? [:]).values }.map { ($0.program, $0.strains) }
        guard let socket = (instances + providers).first(where: { $0.0 == program })?.1,
            let line = try? LineExchange(connectingTo: socket)
        else { return false }
        let answer = try OpsJSON.decode(JSONValue.self, from: try line.ask(Array("{}".utf8), within: .seconds(3)))
        guard let held = answer["held"]?.arrayValue, let reached = answer["reached"]?.objectValue else {
            throw RuntimeError(.componentFailed, "\(program) cannot say what it is under")
        }
        return !held.isEmpty || !reached.isEmpty
    }

    /// Processes of this lab that hold a fault.
    private func holders() async throws -> [Int32] {
        if let engine = lab.lab.engine(of: .lab) {
            return try await engine.processes(of: "chaos").filter { $0.command.hasSuffix("/ChaosServer hold") }.map(
                \.pid
            )
        }
        let program = lab.lab.layout.program("ChaosServer")
        return ProcessSample.allProcesses().filter { pid in
            let words = ProcessSample.commandLine(pid: pid)
            return words.first == program && words.dropFirst().first == "hold"
        }
    }
}
