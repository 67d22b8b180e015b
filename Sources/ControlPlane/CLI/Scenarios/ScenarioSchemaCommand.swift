import OpsCommand
import OpsModel
import OpsScenario

/// `opslab scenario schema`.
struct ScenarioSchemaCommand: Command {
    static let name = "scenario schema"
    static let summary = "Print the JSON Schema of a scenario file, for editors"
    static let options: [Option] = [.json]

    init(_ parsed: ParsedArguments) throws {}

    func run() async throws -> Int32 {
        Terminal.out(String(decoding: try OpsJSON.encode(ScenarioSchema.json, pretty: true), as: UTF8.self))
        return ExitCode.ok
    }
}
