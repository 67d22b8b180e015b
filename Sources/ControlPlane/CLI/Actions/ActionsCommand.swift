import ActionClient
import OpsCommand
import OpsModel

/// `opslab actions`.
struct ActionsCommand: Command {
    static let name = "actions"
    static let summary = "List the actions there are, what they may touch and what they cost"
    static let options: [Option] = [LabLookup.option, .json]

    private let access: ActionAccess
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        access = try ActionAccess(LabLookup(parsed))
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let actions = try await access.asking { try await $0.catalogue() }
        if isJSON {
            Terminal.out(try OpsJSON.string(actions))
            return ExitCode.ok
        }
        var table = TextTable(["action", "risk", "downtime", "parameters", "what it does"])
        for action in actions {
            table.add([
                action.name, action.risk, action.downtimeS > 0 ? "about \(Int(action.downtimeS)) s" : "none",
                Self.parameters(action), action.title,
            ])
        }
        Terminal.out(table.render())
        return ExitCode.ok
    }

    private static func parameters(_ action: ActionDescription) -> String {
        let required = Set((action.parameters["required"]?.arrayValue ?? []).compactMap(\.stringValue))
        let names = (action.parameters["properties"]?.objectValue ?? [:]).keys.sorted()
        return names.map { required.contains($0) ? $0 : "[\($0)]" }.joined(separator: " ")
    }
}
