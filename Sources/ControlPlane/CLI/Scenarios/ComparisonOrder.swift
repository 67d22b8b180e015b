import OpsCommand
import OpsModel
import OpsRuntime
import OpsScenario

/// What a command line wants compared, together with what its folder was begun with.
struct ComparisonOrder: Sendable {
    let plan: ComparisonPlan
    let scenarios: [Scenario]
    let publicSet: [Scenario]
    /// What all agents work under; their memory is that of the moment when the comparison was begun.
    let conditions: Conditions
    /// Where it is kept.
    let folder: ComparisonFolder

    /// What is not typed is what the folder was begun with; what is typed has to be the same.
    init(
        words: [String],
        agents: [String]?,
        seeds: ClosedRange<UInt64>?,
        conditions: Conditions = Conditions(),
        ablated: String? = nil,
        rememberedBefore moment: Timestamp? = nil,
        sparesControls: Bool = false,
        library: ScenarioLibrary,
        abilities: LabAbilities = LabAbilities(),
        folder: ComparisonFolder,
        mustBeBegun: Bool
    ) throws {
        let begun = try folder.plan()
        guard begun != nil || !mustBeBegun else {
            throw CommandError.usage(
                "there is no comparison in \(Terminal.clean(folder.directory)) to go on with",
                hint: "opslab compare --out DIR begins one"
            )
        }
        let isWhole = words.isEmpty && begun?.isWholeSuite ?? true
        scenarios =
            try isWhole
            ? library.all(in: abilities)
            : (words.isEmpty ? begun?.scenarios ?? [] : words).map(library.find)
        let moment = (moment ?? conditions.handicap.memoryBefore).map { begun?.memoryBefore ?? $0 }
        var plan = ComparisonPlan(
            agents: agents ?? begun?.agents ?? Self.everybody,
            scenarios: scenarios,
            seeds: seeds ?? begun?.seedRange ?? 1...1,
            isWholeSuite: isWhole,
            conditions: conditions.handicap(seed: 0).words,
            sparesControls: sparesControls
        )
        plan.ablated = ablated
        plan.renameSeed = conditions.renameSeed
        plan.memoryBefore = moment
        self.plan = plan
        var frozen = conditions
        if frozen.handicap.memoryBefore != nil { frozen.handicap.memoryBefore = moment }
        self.conditions = frozen
        let learns = (plan.agents + [ablated ?? ""]).contains("alert-lookup")
        publicSet = learns ? try ScenarioLibrary.published(or: library).all() : []
        self.folder = folder
        guard let begun else { return }
        let differences = plan.differences(from: begun)
        guard differences.isEmpty else {
            throw CommandError(
                "\(Terminal.clean(folder.directory)) holds another comparison: "
                    + Terminal.clean(differences.joined(separator: "; ")),
                hint: "go on with what it was begun with, or name another folder with --out",
                exitCode: ExitCode.refused
            )
        }
    }

    /// How many runs of these rows have no verdict yet; of all scenarios where none are named.
    func runsLeft(of contestants: [Contestant], in some: [Scenario]? = nil, after judged: [RunReport]) -> Int {
        let scenarios = some ?? scenarios
        let controls = Tournament.controls(in: scenarios)
        return Tournament.fixtures(contestants, scenarios.count, plan.seedRange, controls: controls).count {
            Schedule.triesLeft($0, scenarios[$0.scenario].id, judged) > 0
        }
    }

    /// The agents of the plan under their own names.
    func contestants() -> [Contestant] {
        plan.agents.map { name in
            var contestant = Contestant(name, under: conditions)
            contestant.sparesControls = plan.sparesControls && Baselines.names.contains(name)
            return contestant
        }
    }

    /// All that was judged so far of these rows.
    func comparison(of contestants: [Contestant]) throws -> Comparison {
        let judged = try folder.reports()
        return Comparison(
            judged,
            agents: plan.agents,
            isWholeSuite: plan.isWholeSuite,
            runsLeft: runsLeft(of: contestants, after: judged)
        )
    }

    /// Who is compared when nobody says.
    static let everybody = Baselines.names + ["builtin"]
}
