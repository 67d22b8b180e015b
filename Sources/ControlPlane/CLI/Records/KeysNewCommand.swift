import OpsCommand
import OpsModel
import OpsRuntime

/// `opslab keys new`.
struct KeysNewCommand: Command {
    static let name = "keys new"
    static let summary = "Make a person's approval key, or replace it"
    static let discussion =
        "A key that the person had is accepted for another minute, so that what was just signed still counts."
    static let arguments = [Argument("name", help: "the person: small letters, digits, hyphens")]
    static let options: [Option] = [
        LabLookup.option,
        .value(
            "of",
            "PERSON",
            help: "a further key of this person: both names count as one, where several people are wanted"
        ),
        .json,
    ]

    private let lookup: LabLookup
    private let person: String
    private let maker: String?
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        person = try PersonName.parse(parsed.argument("name"))
        maker = try parsed.string("of").map { try PersonName.parse($0) }
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let lab = try lookup.lab()
        let entry = try PeopleKeys(layout: lab.layout, others: lookup.otherLayouts).make(person, of: maker)
        await KeyAudit.note("keys.new", person: person, keyID: entry.keyID, LabRecords(lab: lab))
        if isJSON {
            Terminal.out(try OpsJSON.string(entry))
        } else {
            Terminal.out("\(person) approves with key \(entry.keyID) from now on: \(entry.file ?? "")")
            if let maker = entry.mintedBy { Terminal.out("\(person) and \(maker) count as one person") }
        }
        return ExitCode.ok
    }
}
