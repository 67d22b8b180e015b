import GateClient
import OpsCommand
import OpsModel

/// `opslab policies add`.
struct PoliciesAddCommand: Command {
    static let name = "policies add"
    static let summary = "Add a policy from a JSON file or a template"
    static let discussion = """
        A policy narrows what the autonomy level and ActionPlane allow, and never widens it. The file holds a whole policy
        (name, description, rule_definition) or a rule alone (conditions, action). Templates are in policies/templates.
        """
    static let arguments = [Argument("FILE", help: "a file, or the name of a template such as prod-freeze")]
    static let options: [Option] = [
        LabLookup.option, .value("name", "NAME", help: "what it is called (default: as the file says)"),
        .flag("draft", help: "it can be tried out, and decides nothing yet"), .json,
    ]

    private let lookup: LabLookup
    private let document: JSONValue
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        isJSON = parsed.flag("json")
        var members = try PolicyFile.whole(parsed.argument("FILE") ?? "", name: parsed.string("name"))
        if parsed.flag("draft") { members["status"] = .string(PolicyStatus.draft.rawValue) }
        document = .object(members)
    }

    func run() async throws -> Int32 {
        let added = try await GateAccess(lookup).asking { try await $0.addPolicy(document) }
        Terminal.out(isJSON ? try OpsJSON.string(added) : "added \(added.line)")
        return ExitCode.ok
    }
}
