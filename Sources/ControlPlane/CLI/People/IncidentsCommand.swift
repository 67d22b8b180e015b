import GateClient
import OpsCommand
import OpsModel

/// `opslab incidents`.
struct IncidentsCommand: Command {
    static let name = "incidents"
    static let summary = "List incidents, newest first"
    static let options: [Option] = [LabLookup.option, .json]

    private let lookup: LabLookup
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let incidents = try await GateAccess(lookup).asking { try await $0.incidents() }
        if isJSON {
            Terminal.out(try OpsJSON.string(incidents))
            return ExitCode.ok
        }
        guard !incidents.isEmpty else {
            Terminal.out("no incidents yet")
            return ExitCode.ok
        }
        var table = TextTable(["incident", "state", "opened", "agent", "title"])
        for incident in incidents {
            table.add([
                incident.id, incident.state.rawValue, incident.openedAt.description, incident.agent ?? "",
                Terminal.clean(incident.title),
            ])
        }
        Terminal.out(table.render())
        return ExitCode.ok
    }
}
