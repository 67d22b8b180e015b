import ActionClient
import OpsCommand
import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem
import Synchronization

/// Performs runs: sees to it that the right agent is at work, tells the story, and keeps the report.
struct RunPerformance: Sendable {
    var lab: RefereeLab
    /// Held as long as there are runs to perform: a second one would reset the world of the first.
    let turn: FileLock
    /// Whether standard output belongs to something else than the story.
    var isQuiet: Bool
    /// The folder of the reports; nil is the lab's own.
    var reports: String?

    /// Runs, judges and records; the built-in agent is afterwards at work if it was before.
    func perform(_ order: ScenarioOrder) async throws -> RunReport {
        let supervisor = lab.lab.control(of: .lab)
        let builtIn = try await supervisor.programs().first { $0.name == "agent" }
        let seat = AgentSeat(judged: order.agent, phase: builtIn?.phase)
        do {
            try await Self.carryOut(seat.before, supervisor)
            let report = try await performed(order)
            try await Self.carryOut(seat.after, supervisor)
            return report
        } catch {
            // An interrupted run gives the agent back too; what fails there would only hide the first failure.
            await Task.detached { try? await Self.carryOut(seat.after, supervisor) }.value
            throw error
        }
    }

    private static func carryOut(_ change: AgentSeat.Change?, _ supervisor: any ProgramControl) async throws {
        switch change {
        case .start: try await supervisor.start("agent")
        case .stop: try await supervisor.stop("agent")
        case nil: break
        }
    }

    private func performed(_ order: ScenarioOrder) async throws -> RunReport {
        let voice = voice(order)
        let story = Story(say: voice)
        let terminal = TerminalApprover(person: order.person, rehearsal: try rehearsal(), say: voice)
        let run = try ScenarioRun(lab, order, terminal: terminal) { story.tell($0, $1) }
        await begin(run)
        let report = try await CanaryPlanting(canary: run.canary, layout: lab.lab.layout).around { try await run.run() }
        let files = RunReportFile(directory: reports ?? lab.lab.layout.reports)
        if let record = await run.record { try files.write(record) }
        let path = try files.write(report, told: story.lines)
        if let remarks = order.playedAgent?.remarks, !remarks.isEmpty {
            let log = try files.write(remarks: remarks, of: report)
            if !isQuiet { Terminal.out("Agent    \(log)") }
        }
        await record(report)
        if !isQuiet {
            Terminal.out("Report   \(path)")
            if let incident = report.incident { Terminal.out("Replay   ./opslab incident show \(incident)\(instance)") }
        }
        return report
    }

    /// Where the story is told.
    ///
    /// Not to standard output where that belongs to something else; but whoever decides has to see what it is about.
    private func voice(_ order: ScenarioOrder) -> @Sendable (String) -> Void {
        guard isQuiet else { return Terminal.out }
        guard order.isInteractive else { return { _ in } }
        return Terminal.err
    }

    private func rehearsal() throws -> OptionRehearsal {
        let action = try lab.operatorsAction()
        return OptionRehearsal { try await action.plan($0, parameters: $1) }
    }

    /// Tells the record that there is a run; one that is interrupted stays there as running.
    private func begin(_ run: ScenarioRun) async {
        await record { try await $0.begin(await run.report, word: run.canary[.rows]) }
    }

    private func record(_ report: RunReport) async { await record { try await $0.write(report, endedAt: .now()) } }

    /// A run counts whether or not its row could be written.
    private func record(_ write: (RunRecords) async throws -> Void) async {
        do {
            let pool = try LabRecords(lab: lab.lab).pool(as: "referee", organisation: "referee")
            defer { pool.close() }
            try await write(RunRecords(pool))
        } catch {
            Terminal.err("the run has a report, and no row in lab.scenario_runs: \(Terminal.clean("\(error)"))")
        }
    }

    private var instance: String { lab.lab.name == .standard ? "" : " --instance \(lab.lab.name)" }
}

/// The lines of a run, as they were told.
final class Story: Sendable {
    private let told = Mutex<[String]>([])
    private let say: @Sendable (String) -> Void

    init(say: @escaping @Sendable (String) -> Void) { self.say = say }

    var lines: [String] { told.withLock { $0 } }

    func tell(_ event: RunEvent, _ elapsed: Double) {
        let lines = RunNarrator().lines(event, atS: elapsed)
        told.withLock { $0 += lines }
        for line in lines { say(line) }
    }
}
