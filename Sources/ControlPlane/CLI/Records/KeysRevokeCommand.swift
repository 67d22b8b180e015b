import OpsCommand
import OpsModel
import OpsRuntime

/// `opslab keys revoke`.
struct KeysRevokeCommand: Command {
    static let name = "keys revoke"
    static let summary = "Accept nothing that a person signs from now on"
    static let arguments = [Argument("name", help: "the person")]
    static let options: [Option] = [LabLookup.option, .json]

    private struct Report: Encodable {
        var name: String
        var revoked: [PeopleKeys.Entry]
    }

    private let lookup: LabLookup
    private let person: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        person = try PersonName.parse(parsed.argument("name"))
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let lab = try lookup.lab()
        let revoked = try PeopleKeys(layout: lab.layout, others: lookup.otherLayouts).revoke(person)
        await KeyAudit.note("keys.revoke", person: person, keyID: nil, LabRecords(lab: lab))
        if isJSON {
            Terminal.out(try OpsJSON.string(Report(name: person, revoked: revoked)))
        } else {
            Terminal.out("\(revoked.count) key\(revoked.count == 1 ? "" : "s") of \(person) revoked")
        }
        return ExitCode.ok
    }
}
