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
    private let rehearsing = Mutex(())

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

    /// What a request has led to.
    enum Answer: Sendable {
        case began(FaultRecord)
        /// The same request under the same id began it before; this is how it stands.
        case known(FaultRecord)

        var record: FaultRecord {
            switch self {
            case .began(let record), .known(let record): record
            }
        }
    }

    /// Begins a fault and gives its record once the effect has been read back.
    func inject(_ kind: FaultKind, _ request: FaultRequest) async throws(ChaosError) -> Answer {
        let answer = try await Self.onThread { () throws(ChaosError) in try self.injectBlocking(kind, request) }
        if case .began(let record) = answer { self.effects.begin(record) }
        return answer
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

    /// Checks what does not change from one moment to another: names, parameters, scope, caps, lease.
    func validate(_ kind: FaultKind, _ request: FaultRequest) throws(ChaosError) {
        let intended = try IntendedFault(kind, request, self.resolver)
        let problem = Admission(limits: self.resolver.limits).check(
            target: request.target,
            leaseS: request.leaseS,
            intensity: (intended.implementation, intended.parameters),
            running: [],
            latch: nil,
            hasReserve: true
        )
        if let problem { throw problem }
    }

    /// What a fault would do, or the refusal that it would get, with nothing done and nothing recorded.
    func preview(_ kind: FaultKind, _ request: FaultRequest) async throws(ChaosError) -> FaultPreview {
        try await Self.onThread { () throws(ChaosError) in
            let intended = try IntendedFault(kind, request, self.resolver)
            return try Self.alone(self.rehearsing, "another fault is just being rehearsed") {
                () throws(ChaosError) in try self.rehearse(intended)
            }
        }
    }

    private func injectBlocking(_ kind: FaultKind, _ request: FaultRequest) throws(ChaosError) -> Answer {
        let intended = try IntendedFault(kind, request, self.resolver)
        return try Self.alone(self.beginning, "another fault is just beginning") { () throws(ChaosError) in
            if let file = try self.known(intended.asked), let record = file.record() { return .known(record) }
            self.store.prune(isLatched: { self.latch.read() != nil })
            let running = try self.admit(intended)
            let record = try Injection(
                order: self.order(intended),
                store: self.store,
                latch: self.latch,
                guardLink: self.guardLink,
                watch: self.watch,
                running: running
            ).run()
            return .began(record)
        }
    }

    private func rehearse(_ intended: IntendedFault) throws(ChaosError) -> FaultPreview {
        if let plan = try self.known(intended.asked)?.plan { return plan.preview }
        let running = try self.admit(intended)
        var order = self.order(intended)
        order.isRehearsal = true
        let holder = try PlannedHolder(order, beside: running)
        holder.dismiss()
        guard self.watch.hasGuard else { throw ChaosError(.notArmed, "there is no guard that would end the fault") }
        return holder.plan.preview
    }

    /// Waiting in line is no use: the caller would not know how the world looks when its turn comes.
    private static func alone<Value: Sendable>(
        _ turn: borrowing Mutex<Void>,
        _ reason: String,
        _ body: () throws(ChaosError) -> Value
    ) throws(ChaosError) -> Value {
        let result: Result<Value, ChaosError>? = turn.withLockIfAvailable { _ in Result(catching: body) }
        guard let result else { throw ChaosError(.busy, reason, hint: "ask again in a moment") }
        return try result.get()
    }

    /// The fault that this request began before; nil when its id is new, or not given.
    private func known(_ asked: AskedFault) throws(ChaosError) -> FaultFile? {
        guard let id = asked.id else { return nil }
        try AskedFault.check(id)
        let file = try self.reading { () throws(SystemError) in try self.store.file(id) }
        guard let file, file.plan != nil else { return nil }
        if let refusal = asked.refusal(file) { throw refusal }
        return file
    }

    /// What else is on, once it is clear that one more may begin.
    private func admit(_ intended: IntendedFault) throws(ChaosError) -> [Footprint] {
        let open = try self.reading { () throws(SystemError) in try self.store.open() }
        let running = open.compactMap(\.plan).map { Footprint($0) }
        let problem = Admission(limits: self.resolver.limits).check(
            target: intended.request.target,
            leaseS: intended.request.leaseS,
            intensity: (intended.implementation, intended.parameters),
            running: running,
            latch: self.latch.read(),
            hasReserve: self.store.hasReserve && self.controls.hasReserve
        )
        if let problem { throw problem }
        return running
    }

    private func order(_ intended: IntendedFault) -> HoldOrder {
        HoldOrder(
            id: intended.asked.id ?? Identifier.random(),
            kind: intended.kind,
            request: intended.request,
            access: intended.access,
            state: self.state,
            guardSocket: self.guardSocket,
            shared: intended.shared,
            requestedAt: .now(),
            deadline: BootClock.now() + UInt64(intended.request.leaseS * 1e9)
        )
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
