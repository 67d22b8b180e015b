import OpsCommand
import OpsModel
import OpsRuntime

/// `opslab keys list`.
struct KeysListCommand: Command {
    static let name = "keys list"
    static let summary = "Show whose signatures this lab accepts"
    static let options: [Option] = [LabLookup.option, .json]

    private let lookup: LabLookup
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let entries = try PeopleKeys(layout: lookup.lab().layout).list()
        if isJSON {
            Terminal.out(try OpsJSON.string(entries))
        } else {
            var table = TextTable(["name", "person", "key", "accepted until", "secret half"])
            for entry in entries {
                table.add([
                    Terminal.clean(entry.name), Terminal.clean(entry.root), entry.keyID,
                    entry.notAfter?.description ?? "further notice",
                    entry.file ?? "",
                ])
            }
            Terminal.out(table.isEmpty ? "nobody can approve yet; `opslab keys new NAME`" : table.render())
        }
        return ExitCode.ok
    }
}
