import OpsCommand
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsService
import OpsSystem

/// The labs that a comparison is played in: one that is up, or several of its own that are made for it and go with it.
struct ComparisonLabs: Sendable {
    let lookup: LabLookup
    /// How many of its own; nil for the one that the command line names.
    let count: Int?
    /// Where reports of runs go.
    let reports: String
    /// Whether those of its own have a proxy in the ways of their target.
    var isProxied = false

    /// Plays in the labs, and takes away those of its own however that ends.
    func play(_ body: ([RunPerformance]) async throws -> Void) async throws {
        guard let count else { return try await body([try await seat(try lookup.lab())]) }
        var made: [RunPerformance] = []
        do {
            for number in 1...count { made.append(try await make(number)) }
            try await body(made)
        } catch {
            await Self.remove(made)
            throw error
        }
        await Self.remove(made)
    }

    private func make(_ number: Int) async throws -> RunPerformance {
        let name = try InstanceName("compare-\(number)")
        let lab = try Lab(name, locator: lookup.locator, http: HTTPClient())
        // Before it is started: a lab in which somebody plays is not ours to take away.
        let turn = try lab.takeTurn()
        guard lab.record == nil else {
            throw RuntimeError(
                .busy,
                "there is a lab '\(name)' already, and this would take it away",
                hint: "opslab down --purge -i \(name)"
            )
        }
        Terminal.err("starting lab '\(name)'\(isProxied ? " with a proxy in its ways" : "")")
        do {
            _ = try await lab.start(options, migrate: DatabaseMigrations.run) { _ in }
            return try await seat(try Lab(name, locator: lookup.locator, http: HTTPClient()), turn)
        } catch {
            await Self.remove(lab)
            throw error
        }
    }

    private func seat(_ lab: Lab, _ turn: FileLock? = nil) async throws -> RunPerformance {
        let referee = try await RefereeLab(lab)
        return RunPerformance(lab: referee, turn: try turn ?? lab.takeTurn(), isQuiet: true, reports: reports)
    }

    private var options: LabOptions {
        LabOptions(
            programs: FileSystem.parent(of: executablePath()),
            people: LabPeople.names(
                environment: ProcessEnvironment.current,
                directory: "\(lookup.locator.state)/people"
            ),
            startedBy: LabPeople.first(ProcessEnvironment.current),
            makers: LabPeople.makers(
                environment: ProcessEnvironment.current,
                directory: "\(lookup.locator.state)/people"
            ),
            isProxied: isProxied
        )
    }

    private static func remove(_ made: [RunPerformance]) async {
        for performance in made { await remove(performance.lab.lab) }
    }

    /// Also when the comparison was interrupted; a lab that cannot be taken away is named.
    private static func remove(_ lab: Lab) async {
        do { _ = try await Task.detached { try await lab.stop(purge: true) { _ in } }.value } catch {
            Terminal.err(
                "lab '\(lab.name)' is still there (\(Terminal.clean("\(error)"))): opslab down --purge -i \(lab.name)"
            )
        }
    }
}
