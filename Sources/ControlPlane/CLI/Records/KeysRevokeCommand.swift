import OpsCommand
import OpsModel
import OpsRuntime

/// `opslab keys revoke`.
struct KeysRevokeCommand: Command {
    static let name = "keys revoke"
    static let summary = "Accept nothing that a person signs from now on"
    static let arguments = [Argument("name", help: "the person")]
    static let options: [Option] = [LabLookup.option]

    private let lookup: LabLookup
    private let person: String

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        person = try PersonName.parse(parsed.argument("name"))
    }

    func run() async throws -> Int32 {
        let lab = try lookup.lab()
        let count = try PeopleKeys(layout: lab.layout).revoke(person)
        await KeyAudit.note("keys.revoke", person: person, keyID: nil, LabRecords(lab: lab))
        Terminal.out("\(count) key\(count == 1 ? "" : "s") of \(person) revoked")
        return ExitCode.ok
    }
}
