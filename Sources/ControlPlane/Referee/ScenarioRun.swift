import GateClient
import ObserverClient
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsScenario
import OpsService
import OpsSpec
import OpsSystem
import OpsTrust

/// One scenario run from reset to verdict.
///
/// The order at the end is the point: the objectives are judged while the fault is still armed, then the trigger comes again,
/// then the fault is taken away, and then they are judged once more, so that neither the clock nor the undo can pass for a
/// repair, and an undo that breaks a repair is seen.
actor ScenarioRun {
    let lab: RefereeLab
    let order: ScenarioOrder
    let binding: RoleBinding
    let draw: Draw
    let commitment: Commitment
    let id: String
    /// Words that only this run's closed places hold.
    let canary: Canary
    /// Who is asked where no script decides.
    let terminal: TerminalApprover
    let tell: @Sendable (RunEvent, Double) -> Void
    let began = Timestamp.now()
    /// When the reset was over; what was bought before is gone with the rows of then.
    var reset = Timestamp.now()
    /// When the steady state had been seen: incidents of before are the reset's, not the run's.
    var steadyAt = Timestamp.now()
    var facts = RunFacts()
    var report: RunReport
    /// What the verdict rests on, once there is one.
    var record: RunRecord?
    /// What was injected, in order.
    var faults: [FaultRecord] = []
    var incident: IncidentDetail?
    /// Incidents that were over before everything had happened, in their order.
    var earlier: [IncidentDetail] = []
    /// How long the incident is followed.
    var period = FollowPeriod()
    /// Whether every fault and decoy has happened, or nothing more will.
    var isStaged = false
    /// The known behaviour at work.
    var worker: Task<Void, Never>?
    /// Approvals of which was told that they are asked for.
    var asked: Set<String> = []
    /// Approvals that were decided, or left alone on purpose.
    var answered: Set<String> = []
    /// Approvals that were taken back.
    var revoked: Set<String> = []
    /// What each fault was asked for as, to ask for it again.
    var injected: [String: FaultRequest] = [:]
    /// What happened when, to be drawn.
    var timeline: TimelineWriter
    /// What went wrong on the way, for the report.
    var notes: [String] = []
    /// The beginning of the window that held.
    var serviceBack: Timestamp?
    /// What the run found and changes, to be given back.
    var found: FoundLab
    /// Sessions that had been ended when the last fault was in place, and before it was taken away.
    var sessionsBefore: Int?
    var sessionsAfter: Int?
    /// What is done again and again as long as the run lasts.
    var background: [Task<Void, Never>] = []
    /// Whether the agent that the referee plays has done all it does.
    var playedIsOver = false

    init(
        _ lab: RefereeLab,
        _ order: ScenarioOrder,
        terminal: TerminalApprover,
        tell: @escaping @Sendable (RunEvent, Double) -> Void
    ) throws {
        guard lab.record.mayChangeNetwork || !order.scenario.changesNetwork else {
            throw RefereeError.changesNetwork(order.scenario.id)
        }
        guard lab.record.isProxied || !order.scenario.needsProxy else {
            throw RefereeError.needsProxy(order.scenario.id)
        }
        guard let binding = RoleBinding(order.scenario.roles, on: lab.topology) else {
            throw RefereeError.unbound(order.scenario.id)
        }
        self.lab = lab
        id = Identifier.random(prefix: "run", length: 10)
        canary = Canary(run: id)
        found = FoundLab(lab, endsIncidents: order.isPlayed)
        self.order = order
        self.binding = binding
        self.terminal = terminal
        self.tell = tell
        timeline = TimelineWriter(began: began)
        draw = Draw(order.scenario, seed: order.seed)
        commitment = Commitment(scenario: order.scenario.id, seed: order.seed)
        report = RunReport(
            run: id,
            scenario: order.scenario.id,
            family: order.scenario.family,
            seed: Int(truncatingIfNeeded: order.seed),
            draw: draw.values,
            commitment: commitment.digest,
            nonce: commitment.nonce,
            agent: order.agent,
            autonomy: order.autonomy,
            approver: order.isInteractive ? order.person : order.approver.name,
            handicap: order.keptBack.isNone ? nil : order.keptBack,
            planted: order.keptBack.plantSeed.map { Planting(seed: $0).lines } ?? [],
            row: order.row,
            isolation: order.isolation(in: lab.record.isolation).rawValue,
            verdict: Verdict.invalid.rawValue,
            passed: false,
            startedAt: began
        )
    }

    /// Runs and judges; throws only when the lab itself cannot be used.
    func run() async throws -> RunReport {
        do {
            return try await judged()
        } catch {
            await endBackground()
            // Whoever interrupts a run leaves the lab as it was; what fails there would only hide the first failure.
            let found = found
            await Task.detached { for part in found.parts { try? await part() } }.value
            throw error
        }
    }

    private func judged() async throws -> RunReport {
        try await prepare()
        if facts.invalid == nil, try await becomeSteady() {
            let programs = try await ProgramWatch(lab.lab)
            async let _: Void = programs.follow()  // until the run is over
            try await WorldCensus(lab).turnOn(order.scenario.given)
            let census = try await WorldCensus(lab).take()
            let refused = try await refusals()
            do {
                try await play()
                try await judgeWindows()
                try await close(since: census, programs)
                try await requireBlindness(since: refused)
            } catch  where !Task.isCancelled {
                // A part of the lab that was there at the beginning is gone: that is a run without a verdict, not without a report.
                facts.invalid = facts.invalid ?? "the run could not be carried to its end: \(error)"
            }
        }
        try await giveBack()
        return finish()
    }

    /// Leaves the lab as it was found; what could not be given back makes the run invalid, and its report says so.
    private func giveBack() async throws {
        await endBackground()
        do {
            for part in found.parts { try await part() }
        } catch  where !Task.isCancelled {
            facts.invalid = facts.invalid ?? "the lab could not be given back as it was found: \(error)"
        }
    }

    /// The agent that the referee plays has done all it does; a known behaviour that could not be carried out proves nothing.
    func playedAgentEnded(_ problem: String?) {
        playedIsOver = true
        timeline.note(
            "agent",
            problem.map { "\(order.agent) ended early: \($0)" } ?? "\(order.agent) has done all it does"
        )
        guard let problem else { return }
        guard order.proof != nil else { return notes.append("\(order.agent) ended early: \(problem)") }
        facts.invalid = facts.invalid ?? "the known behaviour could not be carried out: \(problem)"
    }

    /// The agent that the referee plays, if it plays one.
    var played: (any PlayedAgent)? {
        order.proof.map { ProofAgent(lab: lab, run: self, entry: $0) } ?? order.playedAgent
    }

    /// How long nothing begins after a yes where one is to be taken back.
    static let holdS = 3.0

    func say(_ event: RunEvent) { tell(event, Timestamp.now() - began) }

    var rate: Double { draw.values["load"]?.doubleValue ?? 120 }

    private func prepare() async throws {
        let customers = lab.bindings.load?.program
        let programs = try await lab.lab.control(of: .target).programs().filter { $0.name != customers }
        say(.began(system: lab.topology.system, processes: programs.count, rate: rate))
        let setting = AutonomySetting(
            level: order.autonomy,
            windowS: order.scenario.judge.window.inSeconds,
            holdS: order.approver.revokes ? Self.holdS : 0
        )
        found.isResetting = true
        try await Baseline(lab).restore()
        found.isResetting = false
        found.autonomy = try await lab.gate.autonomy()
        found.mix = try await lab.load.get("/mix")
        _ = try await lab.gate.set(setting)
        // Also when nothing is kept back: a run before this one may have been killed in the middle.
        let keptBack = order.keptBack
        found.hasHandicap = !keptBack.isNone
        try await lab.observer.set(keptBack)
        try await lab.gate.set(keptBack)
        if let moment = keptBack.memoryBefore { report.memory = try await lab.gate.memory(before: moment) }
        let _: JSONValue = try await lab.load.post("/mix", ["rate": .double(rate)] as JSONValue)
        reset = .now()
        timeline.note("reset", "the target is as it was before its first start")
    }

    /// The objectives must hold before anything happens, or the run proves nothing.
    private func becomeSteady() async throws -> Bool {
        let hold = order.scenario.steadyHold.inSeconds
        let start = Timestamp.now()
        var why = "nobody saw the customers"
        while Timestamp.now() - start < hold + 45 {
            try await Task.sleep(for: .milliseconds(500))
            let now = Timestamp.now()
            guard now - start >= hold else { continue }
            let watch = try await watch(from: now + -hold, to: now)
            let statuses = watch.statuses(from: now + -hold, to: now)
            guard watch.covers(from: now + -hold, to: now) else { continue }
            let pages = try await lab.observer.pages()
            if pages.isEmpty, watch.holds(from: now + -hold, to: now) {
                try await Baseline(lab).closeIncidents()
                steadyAt = .now()
                timeline.note("steady", "all objectives held for \(seconds(hold))")
                say(.steady(statuses, heldS: hold))
                return true
            }
            why = pages.first?.summary ?? statuses.map(share).joined(separator: ", ")
        }
        facts.invalid = "the objectives did not hold before anything was done: \(why)"
        return false
    }

    func watch(from: Timestamp, to: Timestamp) async throws -> JourneyWatch {
        JourneyWatch(objectives: lab.objectives, buckets: try await lab.observer.series(from: from, to: to))
    }
}
