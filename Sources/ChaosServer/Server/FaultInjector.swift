import OpsModel
import OpsRuntime
import OpsSystem
import Synchronization

/// What the injector can be asked: begin a fault, end one, tell about them, resume after a kill.
final class FaultInjector: Sendable {
    let state: String
    let store: FaultStore
    private let resolver: TargetResolver
    private let guardSocket: String
    private let guardLink: GuardLink
    private let watch: WatchThread
    private let effects: EffectWatching
    private let latch: LatchFile
    private let controls: Journal
    /// One fault begins at a time, so that the limits hold.
    private let beginning = Mutex(())

    init(
        state: String,
        resolver: TargetResolver,
        guardLink: GuardLink,
        watch: WatchThread,
        effects: EffectWatching
    ) throws {
        self.state = state
        self.store = FaultStore(state: state)
        self.resolver = resolver
        self.guardSocket = GuardProgram.peerSocket(besides: guardLink.socket)
        self.guardLink = guardLink
        self.watch = watch
        self.effects = effects
        self.latch = LatchFile(state: state)
        self.controls = try Journal(directory: "\(state)/controls", reserve: 1 << 16)
    }

    /// Begins a fault and gives its record once the effect has been read back.
    func inject(_ kind: FaultKind, _ request: FaultRequest) async throws(ChaosError) -> FaultRecord {
        let record = try await Self.onThread { () throws(ChaosError) in try self.injectBlocking(kind, request) }
        self.effects.begin(record)
        return record
    }

    /// Takes a fault back and gives its record as it is after a few seconds at most.
    func end(_ id: String) async throws(ChaosError) -> FaultRecord {
        let first = try self.record(id)
        guard first.endedAt == nil else { return first }
        self.watch.end(id)
        let limit = BootClock.now() + 6_000_000_000
        while BootClock.now() < limit {
            try? await Task.sleep(for: .milliseconds(20))  // a cancelled caller gets the record as it is
            let record = try self.record(id)
            if record.endedAt != nil || record.state == .pending || record.state == .failed || Task.isCancelled {
                return record
            }
        }
        return try self.record(id)
    }

    func record(_ id: String) throws(ChaosError) -> FaultRecord {
        guard FaultStore.isID(id),
            let record = try self.reading({ () throws(SystemError) in try self.store.file(id) })?.record()
        else {
            throw ChaosError(.unknownFault, "there is no fault \(id)", hint: "GET /faults lists them")
        }
        return record
    }

    func records() throws(ChaosError) -> [FaultRecord] {
        try self.reading { () throws(SystemError) in try self.store.files() }.compactMap { $0.record() }
    }

    /// Lets work go on after a kill, once the record of it is on disk.
    func resume(killID: String, reason: String, actor: String, force: Bool) throws(ChaosError) -> KillReport {
        let latch = self.latch.read()
        let survey = try self.reading { () throws(SystemError) in try self.store.survey() }
        let open = survey.open.map(\.id) + survey.unreadable
        if let refusal = Latch.refusal(of: latch, killID: killID, reason: reason, open: open, force: force) {
            throw ChaosError(refusal)
        }
        let line: JSONValue = [
            "event": "resume", "kill_id": .string(killID), "reason": .string(reason), "actor": .string(actor),
            "force": .bool(force), "at": .string(Timestamp.now().description),
        ]
        do {
            try self.controls.append(OpsJSON.encode(line))
            try self.latch.lower()
        } catch {
            throw ChaosError(.journalFailed, "the resumption could not be recorded: \(error)")
        }
        return KillReport(latched: false, killID: killID)
    }

    /// Checks what does not change from one moment to another: names, parameters, scope, lease.
    func validate(_ kind: FaultKind, _ request: FaultRequest) throws(ChaosError) {
        _ = try self.access(kind, request)
        let admission = Admission(limits: self.resolver.limits)
        let problem = admission.check(
            target: request.target,
            leaseS: request.leaseS,
            running: [],
            latch: nil,
            hasReserve: true
        )
        if let problem { throw problem }
    }

    private func access(_ kind: FaultKind, _ request: FaultRequest) throws(ChaosError) -> TargetAccess {
        let description = FaultCatalog.description(of: FaultCatalog.kind(called: kind, aliasSeed: request.aliasSeed))
        _ = try Parameters(request.with, of: description)
        let access = try self.resolver.access(to: request.target, for: description)
        try self.resolver.check(request.instance, of: access)
        return access
    }

    private func injectBlocking(_ kind: FaultKind, _ request: FaultRequest) throws(ChaosError) -> FaultRecord {
        let access = try self.access(kind, request)
        let shared = try self.resolver.shared()
        // Waiting in line is no use: the caller would not know how the world looks when its turn comes.
        let result: Result<FaultRecord, ChaosError>? = self.beginning.withLockIfAvailable { _ in
            Result { () throws(ChaosError) in
                try self.admitted(kind, request, access, shared)
            }
        }
        guard let result else {
            throw ChaosError(.busy, "another fault is just beginning", hint: "ask again in a moment")
        }
        return try result.get()
    }

    private func admitted(
        _ kind: FaultKind,
        _ request: FaultRequest,
        _ access: TargetAccess,
        _ shared: SharedPaths
    ) throws(ChaosError) -> FaultRecord {
        self.store.prune(isLatched: { self.latch.read() != nil })
        let running = try self.running()
        let problem = Admission(limits: self.resolver.limits).check(
            target: request.target,
            leaseS: request.leaseS,
            running: running,
            latch: self.latch.read(),
            hasReserve: self.store.hasReserve && self.controls.hasReserve
        )
        if let problem { throw problem }
        let order = HoldOrder(
            id: Identifier.random(),
            kind: kind,
            request: request,
            access: access,
            state: self.state,
            guardSocket: self.guardSocket,
            shared: shared,
            requestedAt: .now(),
            deadline: BootClock.now() + UInt64(request.leaseS * 1e9)
        )
        return try Injection(
            order: order,
            store: self.store,
            latch: self.latch,
            guardLink: self.guardLink,
            watch: self.watch,
            running: running
        ).run()
    }

    private func running() throws(ChaosError) -> [Admission.Running] {
        try self.reading { () throws(SystemError) in try self.store.open() }.compactMap { file in
            file.plan.map { Admission.Running(id: file.id, resource: $0.resource) }
        }
    }

    private func reading<Value>(_ body: () throws(SystemError) -> Value) throws(ChaosError) -> Value {
        do throws(SystemError) { return try body() } catch { throw ChaosError(.journalFailed, error.message) }
    }

    private static func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws(ChaosError) -> Value
    ) async throws(ChaosError) -> Value {
        let result: Result<Value, ChaosError> = await withCheckedContinuation { continuation in
            startThread(named: "chaos-inject") { continuation.resume(returning: Result(catching: body)) }
        }
        return try result.get()
    }
}

extension ChaosError {
    /// Why the latch stays, in words.
    init(_ refusal: Latch.Refusal) {
        switch refusal {
        case .notLatched: self.init(.notLatched, "the kill switch was not pressed")
        case .otherKill(let current):
            self.init(.otherKill, "the latch belongs to another kill", hint: "its kill_id is \(current)")
        case .noReason: self.init(.badParameter, "reason: say why it is safe to go on")
        case .unfinished(let faults):
            self.init(
                .unfinished,
                "faults are not over yet: \(faults.joined(separator: ", "))",
                hint: "wait until GET /kill says they are, or use force with a reason"
            )
        }
    }
}
