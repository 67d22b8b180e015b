import OpsCommand
import OpsModel
import OpsRuntime
import OpsScenario
import OpsSystem

/// Plays what is left of a comparison, keeps it, and shows it; also the part of one that was interrupted.
struct ComparisonPerformance {
    var order: ComparisonOrder
    /// The rows of the table, by the names of the plan.
    var contestants: [Contestant]
    /// How agents that are somebody's own are started.
    var own: AgentOptions
    var labs: ComparisonLabs
    /// Whose key signs every approval.
    var person: String
    var isJSON: Bool

    func perform() async throws -> Comparison {
        let earlier = try order.folder.reports()
        guard order.runsLeft(of: contestants, after: earlier) > 0 else { return try conclude() }
        do {
            for (labs, scenarios) in sittings(after: earlier) {
                try await labs.play { try await play(scenarios, in: $0, after: earlier) }
            }
        } catch {
            if try !order.folder.reports().isEmpty { _ = try conclude() }
            throw error
        }
        return try conclude()
    }

    /// The lab that is up has whatever it has; labs of its own are made anew for the scenarios that need a proxy, and for no others.
    private func sittings(after earlier: [RunReport]) -> [(labs: ComparisonLabs, scenarios: [Scenario])] {
        guard labs.count != nil else { return [(labs, order.scenarios)] }
        return [false, true].compactMap { isProxied in
            var labs = labs
            labs.isProxied = isProxied
            let scenarios = order.scenarios.filter { $0.needsProxy == isProxied }
            return order.runsLeft(of: contestants, in: scenarios, after: earlier) > 0 ? (labs, scenarios) : nil
        }
    }

    private func play(
        _ scenarios: [Scenario],
        in labs: [RunPerformance],
        after earlier: [RunReport]
    ) async throws {
        let agents = try contestants.map { try own.agent($0.agent) }
        let levels = Set(
            labs.map(\.lab.record.isolation).flatMap { level in
                agents.map { ($0?.isolation(in: level) ?? level).rawValue }
            } + earlier.map(\.isolation)
        )
        guard levels.count == 1 else { throw RefereeError.isolationDiffers(levels.sorted()) }
        let lock = try order.folder.begin(order.plan)
        defer { lock.release() }
        if !earlier.isEmpty { Terminal.err("\(earlier.count) runs were judged before") }
        let tournament = Tournament(
            contestants: contestants,
            scenarios: scenarios,
            seeds: order.plan.seedRange,
            person: person,
            publicSet: order.publicSet,
            own: own,
            labs: labs
        )
        try await tournament.play(after: earlier) { Terminal.err($0) }
    }

    /// Shows what was judged, all or a part of it.
    private func conclude() throws -> Comparison {
        let comparison = try order.comparison(of: contestants)
        let page = try ComparisonFiles(directory: order.folder.directory).write(comparison)
        if isJSON {
            Terminal.out(try OpsJSON.string(comparison))
        } else {
            for line in ComparisonTable(comparison: comparison).lines { Terminal.out(line) }
            Terminal.out("Report   \(page)")
        }
        if comparison.runsLeft > 0 { Terminal.err("go on with the same command and --out \(order.folder.directory)") }
        return comparison
    }
}

extension ComparisonFolder {
    /// A new one, in the lab where it is played; beside the labs where they go when it is over.
    static func new(_ lookup: LabLookup, hasLab: Bool) -> ComparisonFolder {
        let home = hasLab ? lookup.locator.layout(of: lookup.name).reports : "\(lookup.locator.state)/reports"
        return ComparisonFolder(directory: "\(home)/\(Identifier.random(prefix: "compare", length: 8))")
    }
}
