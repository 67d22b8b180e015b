import OpsCommand
import OpsRuntime
import OpsScenario
import OpsService
import OpsSpec
import OpsSystem

/// The scenario files that a command line means.
struct ScenarioLibrary {
    /// The folder; the repository's own unless one was named.
    var directory: String

    init(directory: String) { self.directory = directory }

    init(_ parsed: ParsedArguments) throws {
        directory = try DocumentLookup.path(parsed.string("from"), or: "scenarios")
    }

    static let option = Option.value("from", "DIR", help: "where the scenario files are (default: scenarios/)")

    /// The public set, from which an agent may learn; where it is not at hand, the folder that was named.
    static func published(or other: ScenarioLibrary) throws -> ScenarioLibrary {
        let usual = try DocumentLookup.path(nil, or: "scenarios")
        return FileSystem.isDirectory(usual) ? ScenarioLibrary(directory: usual) : other
    }

    /// Paths of all files, in alphabetical order.
    func paths() throws -> [String] {
        guard FileSystem.isDirectory(directory) else {
            throw CommandError(
                "\(Terminal.clean(directory)) is no folder that can be read",
                hint: "--from DIR names the folder with the scenario files",
                exitCode: ExitCode.configuration
            )
        }
        return try FileSystem.list(directory).filter { $0.hasSuffix(".yaml") }.sorted().map { "\(directory)/\($0)" }
    }

    /// What is said of a folder without scenarios.
    var isEmpty: CommandError {
        CommandError(
            "\(Terminal.clean(directory)) has no scenario in it",
            hint: "files of scenarios end in .yaml",
            exitCode: ExitCode.configuration
        )
    }

    /// Every scenario of the folder.
    func all() throws -> [Scenario] { try paths().map(Scenario.load) }

    /// Every scenario of the folder that these labs can be played with; those left out are told.
    func all(in labs: LabAbilities) throws -> [Scenario] {
        let all = try all()
        let left = Dictionary(grouping: all.filter { !labs.allow($0) }, by: LabAbilities.lacks)
        for (why, scenarios) in left.sorted(by: { $0.key < $1.key }) {
            Terminal.err("left out  \(scenarios.map(\.id).joined(separator: ", ")): \(why)")
        }
        return all.filter(labs.allow)
    }

    /// A scenario by its id, or by the path of its file; other files of the folder may have problems.
    func find(_ word: String) throws -> Scenario {
        if word.hasSuffix(".yaml"), FileSystem.exists(word) { return try Scenario.load(word) }
        var first: (any Error)?
        for path in try paths() {
            do {
                let scenario = try Scenario.load(path)
                if scenario.id == word { return scenario }
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
        let known = try paths().map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        throw CommandError.usage(
            "there is no scenario '\(Terminal.clean(word))' in \(directory)",
            hint: "opslab scenario list; files: \(known.joined(separator: ", "))"
        )
    }
}
