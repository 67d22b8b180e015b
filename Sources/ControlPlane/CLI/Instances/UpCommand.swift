import GateClient
import OpsCommand
import OpsModel
import OpsRuntime
import OpsService
import OpsSpec
import OpsSystem
import OpsTrust

/// `opslab up`.
struct UpCommand: Command {
    static let name = "up"
    static let endsOnSignal = false
    static let summary = "Start the lab and its target, or what is missing of them"
    static let discussion = """
        Makes two private PostgreSQL clusters, keys and settings below .opslab/ the first time, then starts everything in order and
        waits until it serves. Running it again does no harm. Ctrl-C stops what was started.
        """
    static let options: [Option] = [
        LabLookup.option,
        .value(
            "autonomy",
            "LEVEL",
            choices: Autonomy.allCases.map(\.rawValue),
            help:
                "observe, suggest: nothing is carried out; approve (default): a person decides; auto: policy alone may"
        ),
        .flag(
            "attested",
            help:
                "people may also say yes on the gate's page, whose word actions then take for a person's; not for restore-db"
        ),
        LabLookup.runtimeOption,
        .value("topology", "FILE", help: "the application to watch (default: compose/topology.yaml)"),
        .value(
            "target",
            "COMPOSE",
            help: "bring in an application of your own: its Compose file; its topology lies beside it, or is given"
        ),
        .flag(
            "proxied",
            help: "a new lab gets a proxy in the ways between the shop's programs: network faults without root"
        ),
        .value("without", "NAME", repeats: true, help: "leave a program out"),
        .json,
    ]

    private let lookup: LabLookup
    private let options: LabOptions
    /// The level that was typed; without one, a lab keeps what it has.
    private let autonomy: Autonomy?
    private let topology: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.lookup = try LabLookup(parsed)
        let environment = ProcessEnvironment.current
        self.autonomy = parsed.string("autonomy").flatMap(Autonomy.init)
        let beside = parsed.string("target").map { "\(FileSystem.parent(of: $0))/topology.yaml" }
        self.topology = try DocumentLookup.path(parsed.string("topology") ?? beside, or: "compose/topology.yaml")
        self.options = LabOptions(
            programs: FileSystem.parent(of: executablePath()),
            topology: parsed.string("topology"),
            target: parsed.string("target"),
            people: LabPeople.names(environment: environment, directory: "\(lookup.locator.state)/people"),
            startedBy: LabPeople.first(environment),
            makers: LabPeople.makers(environment: environment, directory: "\(lookup.locator.state)/people"),
            ceiling: Self.ceiling(self.autonomy, isAttested: parsed.flag("attested")),
            autonomy: self.autonomy ?? .approve,
            without: try Self.programs(parsed.strings("without")),
            runtime: parsed.string("runtime").flatMap(LabRuntime.init),
            isProxied: parsed.flag("proxied")
        )
        self.isJSON = parsed.flag("json")
    }

    /// What was typed about who has to decide; nil keeps what the lab has.
    private static func ceiling(_ autonomy: Autonomy?, isAttested: Bool) -> TrustFile.Authority? {
        if autonomy == .auto { return .policy }
        return isAttested ? .humanAttested : autonomy.map { _ in .human }
    }

    func run() async throws -> Int32 {
        let lab = try self.lookup.lab()
        try DocumentLookup.checkTopology(self.topology)  // before anything is made
        let clock = ContinuousClock()
        let begin = clock.now
        let options = self.options
        let work = Task {
            try await lab.start(options, migrate: DatabaseMigrations.run) { Terminal.err("  \($0)") }
        }
        Signals.onTermination { _ in work.cancel() }
        Terminal.err("starting lab '\(lab.name)' in \(lab.layout.home)")
        do {
            let (record, wasUp) = try await work.value
            try await self.setAutonomy()
            let tookS = (clock.now - begin).inSeconds
            Terminal.out(
                self.isJSON
                    ? try await self.report(wasUp, tookS)
                    : "lab '\(lab.name)' is up after \(seconds(tookS)): \(try self.door(of: record))  gate \(record.ports.url(.gate))  isolation \(record.isolation.rawValue)"
            )
            return ExitCode.ok
        } catch  where work.isCancelled {
            Terminal.err("interrupted; a lab that was down before is down again")
            return 130
        }
    }

    /// The target's name, and where a person reaches it.
    private func door(of record: InstanceRecord) throws -> String {
        guard let application = record.application else { return "shop \(record.ports.url(.web))" }
        let layout = try self.lookup.lab().layout
        let entry = try Topology.load(layout.topology).entry?.name ?? ""
        let instance = try Bindings.load(layout.bindings).components[entry]?.instances?.first
        return "\(application.system) \(instance?.url.map { record.outside($0) } ?? "")"
    }

    /// Looks the lab up again: before a first start it had neither record nor addresses.
    private func report(_ wasUp: Bool, _ tookS: Double) async throws -> String {
        let lab = try self.lookup.lab()
        return try OpsJSON.string(UpReport(lab: LabReport(lab, await lab.status()), wasUp: wasUp, tookS: tookS))
    }

    /// A gate that had been told a level before keeps it in its records; what is typed now wins.
    private func setAutonomy() async throws {
        guard let level = self.autonomy, !self.options.without.contains("gate") else { return }
        try await GateAccess(self.lookup).asking { gate in
            guard try await gate.autonomy().level != level else { return }
            _ = try await gate.set(AutonomySetting(level: level, automatic: level == .auto ? [Policy.everything] : nil))
        }
        Terminal.err("  autonomy \(level.rawValue)")
    }

    /// The programs to leave out; a name that no program has would leave nothing out, unnoticed.
    private static func programs(_ names: [String]) throws -> Set<String> {
        let known = StartPlan(ports: .standard, without: []).tiers.joined().map(\.program)
        for name in names where !known.contains(name) {
            throw CommandError.usage(
                "--without: there is no program '\(Terminal.clean(name))'",
                hint: "one of: \(known.joined(separator: ", "))"
            )
        }
        return Set(names)
    }
}
