import Glibc
import OpsCommand
import OpsModel
import OpsRuntime
import OpsScenario
import OpsService
import OpsSystem
import OpsTrust

/// `opslab demo`.
struct DemoCommand: Command {
    static let name = "demo"
    static let endsOnSignal = false
    static let summary = "Start a lab, break the shop, have it repaired under your approval, and see it proven"
    static let discussion = """
        At a terminal you approve yourself. Without one, a scripted second identity does. The lab stays up afterwards, so that
        the incident can be replayed; Ctrl-C stops everything. With --json the second identity decides, the story is not told,
        and the run's report is printed, the same object as of `scenario run --json`.
        """
    static let options: [Option] = [
        .value("instance", "NAME", short: "i", help: "which lab (default: demo, in containers demo-compose)"),
        LabLookup.runtimeOption,
        .value("seed", "N", default: "7", help: "what the draws come from"),
        .flag("down", help: "stop the lab again at the end"), .json,
    ]

    private let lookup: LabLookup
    private let seed: UInt64
    private let isDownAfter: Bool
    private let isJSON: Bool
    private let options: LabOptions

    init(_ parsed: ParsedArguments) throws {
        let runtime = parsed.string("runtime").flatMap(LabRuntime.init) ?? .local
        lookup = try LabLookup(parsed, otherwise: InstanceName(runtime == .compose ? "demo-compose" : "demo"))
        seed = try parsed.seed("seed") ?? 7
        isDownAfter = parsed.flag("down")
        isJSON = parsed.flag("json")
        options = LabOptions(
            programs: FileSystem.parent(of: executablePath()),
            topology: nil,
            people: LabPeople.names(
                environment: ProcessEnvironment.current,
                directory: "\(lookup.locator.state)/people"
            ),
            startedBy: LabPeople.first(ProcessEnvironment.current),
            makers: LabPeople.makers(
                environment: ProcessEnvironment.current,
                directory: "\(lookup.locator.state)/people"
            ),
            ceiling: .human,
            without: [],
            runtime: runtime
        )
    }

    func run() async throws -> Int32 {
        try DocumentLookup.checkTopology(DocumentLookup.path(nil, or: "compose/topology.yaml"))  // nothing is made yet
        // Before anything else: a lab in which a run goes on is not ours to stop.
        let turn = try lookup.lab().takeTurn()
        let work = Task { try await perform(turn) }
        Signals.onTermination { _ in work.cancel() }
        let watch = Task {
            guard let make = MakeWatch() else { return }
            await make.untilToldToEnd()
            if !Task.isCancelled { work.cancel() }
        }
        defer { watch.cancel() }
        do {
            let code = try await work.value
            if isDownAfter { try await stop() } else if !isJSON { farewell() }
            return code
        } catch let error as RuntimeError where error.code == .busy {
            throw error  // somebody else is starting or stopping this lab
        } catch {
            if work.isCancelled { Terminal.err("\ninterrupted: stopping the lab and taking back what was broken") }
            try await stop()
            if work.isCancelled { return 130 }
            throw error
        }
    }

    private func perform(_ turn: FileLock) async throws -> Int32 {
        Terminal.err(
            "starting a lab of its own: two PostgreSQL clusters, a shop of eight processes, four services, one agent"
        )
        let lab = try lookup.lab()
        _ = try await lab.start(options, migrate: DatabaseMigrations.run) { Terminal.err("  \($0)") }
        try Task.checkCancellation()
        let referee = try await RefereeLab(try lookup.lab())
        let isInteractive = !isJSON && Terminal.hasPerson
        let order = ScenarioOrder(
            scenario: try Scenario.load(try DocumentLookup.path(nil, or: "scenarios/\(Scenario.demonstration).yaml")),
            seed: seed,
            person: isInteractive ? LabPeople.first(ProcessEnvironment.current) : LabPeople.second,
            isInteractive: isInteractive
        )
        let report = try await RunPerformance(lab: referee, turn: turn, isQuiet: isJSON).perform(order)
        if isJSON { Terminal.out(try OpsJSON.string(report)) }
        return report.passed ? ExitCode.ok : ExitCode.failed
    }

    /// Runs to its end even though the demo itself was cancelled.
    private func stop() async throws {
        let lab = lookup.labIgnoringRecord()
        _ = try await Task.detached { try await lab.stop(purge: false) { Terminal.err("  \($0)") } }.value
    }

    private func farewell() {
        let name = " --instance \(lookup.name)"
        let compare = "./opslab compare \(Scenario.demonstration)\(name)"
        Terminal.out("Now      \(compare)    see \"restart everything\" and \"do nothing\" fail the same fault")
        Terminal.out("         ./opslab faults\(name)    break it yourself: ./opslab break NAME --for 30s\(name)")
        Terminal.out("         ./opslab scenario list     ./opslab scenario run ID\(name)")
        Terminal.out("Stop     ./opslab down --purge\(name)")
    }
}
