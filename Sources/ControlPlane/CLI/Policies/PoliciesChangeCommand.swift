import GateClient
import OpsCommand
import OpsModel

/// `opslab policies change`.
struct PoliciesChangeCommand: Command {
    static let name = "policies change"
    static let summary = "Make a new version of a policy; the old ones stay on record"
    static let discussion = """
        What is left out stays. With --version it exits 3 when somebody else changed the policy meanwhile; without it the version
        that is there as the command starts is meant.
        """
    static let arguments = [PolicyLookup.argument]
    static let options: [Option] = [
        LabLookup.option, .value("file", "FILE", help: "a rule or a whole policy to take over"),
        .value("name", "NAME", help: "what it is called"),
        .value("description", "TEXT", help: "why there is such a rule"),
        .value("status", "STATUS", choices: PolicyStatus.allCases.map(\.rawValue), help: "whether it counts"),
        .value("version", "N", help: "the version it has to be"), .json,
    ]

    private let lookup: LabLookup
    private let policy: String
    private let members: [String: JSONValue]
    private let version: Int?
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        policy = parsed.argument("POLICY") ?? ""
        version = try parsed.int("version", in: 1...Int.max)
        isJSON = parsed.flag("json")
        var members: [String: JSONValue] = [:]
        if let file = parsed.string("file") {
            members = try PolicyFile.part(file)
        }
        for option in ["name", "description", "status"] {
            if let text = parsed.string(option) { members[option] = .string(text) }
        }
        guard !members.isEmpty else {
            throw CommandError.usage("nothing to change", hint: "--file, --name, --description or --status")
        }
        self.members = members
    }

    func run() async throws -> Int32 {
        let access = try GateAccess(lookup)
        let present = try await PolicyLookup.find(policy, access)
        let changed = try await access.asking {
            try await $0.changePolicy(present.id, .object(members), from: version ?? present.version)
        }
        let words = changed.version == present.version ? "nothing to change in" : "changed"
        Terminal.out(isJSON ? try OpsJSON.string(changed) : "\(words) \(changed.line)")
        return ExitCode.ok
    }
}
