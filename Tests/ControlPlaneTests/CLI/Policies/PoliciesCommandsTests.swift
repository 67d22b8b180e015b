import OpsCommand
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// What the verbs of policies accept before they ask the gate, and the templates that are shipped.
@Suite struct PoliciesCommandsTests {
    static let table = CommandTable(program: "opslab", about: "", commands: Commands.all)
    static let verbs = Commands.policies.map { $0.name }

    static var templates: String {
        var root = FileSystem.parent(of: #filePath)
        for _ in 0..<4 { root = FileSystem.parent(of: root) }
        return root + "/policies/templates"
    }

    @Test("Each has its own help", arguments: verbs)
    func helps(_ verb: String) async {
        #expect(await Self.table.main(verb.split(separator: " ").map(String.init) + ["--help"]) == ExitCode.ok)
    }

    @Test("A lab that does not exist does not answer")
    func needsALab() async {
        let words = [
            ["list"], ["show", "x"], ["add", Self.templates + "/prod-freeze.json"], ["change", "x", "--name", "y"],
            ["remove", "x"], ["evaluate", "--action", "restart-db"],
        ]
        for more in words {
            let code = await Self.table.main(["policies"] + more + ["--instance", "nobody-made-this"])
            #expect(code == ExitCode.unreachable, "\(more)")
        }
    }

    @Test("What makes no sense is refused before anybody is asked")
    func refuses() async throws {
        let directory = try TemporaryDirectory()
        let bad = directory.file("bad.json")
        try FileSystem.writeAtomically(#"{"conditions": [], "action": "x"}"#, to: bad, mode: nil)
        #expect(await Self.table.main(["policies", "add", bad]) == ExitCode.configuration)
        #expect(await Self.table.main(["policies", "change", "x", "--file", bad]) == ExitCode.configuration)
        try FileSystem.writeAtomically("[]", to: bad, mode: nil)
        #expect(await Self.table.main(["policies", "add", bad]) == ExitCode.configuration)
        #expect(await Self.table.main(["policies", "add"]) == ExitCode.usage)
        #expect(await Self.table.main(["policies", "change", "x"]) == ExitCode.usage)
        #expect(await Self.table.main(["policies", "evaluate"]) == ExitCode.usage)
        let pair = ["policies", "evaluate", "--action", "a", "--fact", "agent=b"]
        #expect(await Self.table.main(pair) == ExitCode.usage)
    }

    @Test("A rule alone is called like its file, and changes nothing but the rule")
    func aRuleAlone() throws {
        let directory = try TemporaryDirectory()
        let file = directory.file("night.json")
        let rule = #"{"conditions": [{"field": "time.hour", "operator": "less_than", "value": 6}], "action": "block"}"#
        try FileSystem.writeAtomically(rule, to: file, mode: nil)
        #expect(try PolicyFile.whole(file)["name"] == "night")
        #expect(try PolicyFile.whole(file, name: "quiet")["name"] == "quiet")
        #expect(try PolicyFile.part(file).keys.sorted() == ["rule_definition"])
        let whole = try PolicyFile.whole(Self.templates + "/prod-freeze.json", name: "mine")
        #expect(whole["name"] == "mine" && whole["description"] != nil)
    }

    @Test("The templates that are shipped can be read, and do what their names say")
    func templatesAreSound() throws {
        let files = try FileSystem.list(Self.templates).sorted()
        #expect(
            files == ["prod-freeze.json", "read-only-auto.json", "restart-auto.json", "restore-db-approve.json"]
        )
        var said: [PolicyAction?] = []
        for file in files {
            let document = JSONValue.object(try PolicyFile.whole("\(Self.templates)/\(file)"))
            let draft = try PolicyDraft.read(document)
            #expect("\(draft.name).json" == file && !draft.description.isEmpty)
            #expect(ApproverRoles(people: ["ann"]).problems(of: draft.rule).all.isEmpty)
            let record = PolicyRecord(
                id: draft.name,
                version: 1,
                name: draft.name,
                description: "",
                status: .active,
                ruleDefinition: try JSONValue(encoding: draft.rule),
                createdBy: nil,
                createdAt: Timestamp(microseconds: 0)
            )
            for action in ["restart-api", "restore-db"] {
                let facts = PolicyFacts(["action.type": .string(action), "time.weekday": "sun"])
                said.append(PolicySet([record]).ruling(on: facts).action)
            }
        }
        #expect(said == [.block, .block, .simulate, .simulate, nil, .requireApproval, nil, .requireApproval])
    }
}
