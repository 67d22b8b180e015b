import OpsHTTP
import OpsModel
import OpsSpec
import Testing

@testable import ControlPlane

@Suite struct ToolCatalogueTests {
    private func input(_ name: ToolName, _ path: String) -> JSONValue? {
        ToolCatalogue.tool(name, actions: PlayedWorld.catalogue).input.at("properties.\(path)")
    }

    private func words(_ schema: JSONValue?) -> [String]? { schema?["enum"]?.arrayValue?.compactMap(\.stringValue) }

    @Test func readsAndMechanismsAreTheSharedVocabularies() {
        let reads = words(input(.read, "reads.items.properties.read"))
        #expect(reads == ReadVocabulary.all.map(\.name) + ["runbook.search", "runbook.get"])
        #expect(words(input(.diagnose, "mechanism")) == Mechanism.allCases.map(\.rawValue))
        #expect(words(input(.escalate, "mechanism")) == Mechanism.allCases.map(\.rawValue))
        #expect(words(input(.diagnose, "confidence")) == ["high", "medium", "low"])
    }

    @Test func aStepIsOneOfTheActionsWithItsOwnParameters() {
        let steps = input(.propose, "options.items.properties.steps.items.oneOf")?.arrayValue ?? []
        #expect(steps.map { $0.at("properties.action.const") } == ["clear-cache", "terminate-sessions"])
        #expect(steps.map { $0.at("properties.parameters") } == PlayedWorld.catalogue.map(\.parameters))
    }

    @Test func withoutAnyActionAProposalCanStillBeWritten() {
        let step = ToolCatalogue.tool(.propose).input.at("properties.options.items.properties.steps.items")
        #expect(step?["oneOf"] == nil && step?["type"] == "object")
    }

    @Test func everyToolIsShownOnceWithAnObjectForArguments() {
        let tools = ToolCatalogue.tools(actions: PlayedWorld.catalogue)
        #expect(tools.map(\.name) == ToolName.allCases)
        for tool in tools {
            #expect(tool.input["type"] == "object" && tool.input["additionalProperties"] == false)
            #expect(!tool.about.isEmpty && tool.json["description"]?.stringValue == tool.about)
        }
        #expect(tools.filter(\.name.isReadOnly).map(\.name) == [.incident, .read, .outcome])
    }

    @Test func strangersAndWrongShapesAreRefusedWithAHint() {
        let call = ToolCall(tool: .outcome, arguments: ["proposal": "pro-1", "wait": 3], id: .number(1), session: "")
        let stranger = #expect(throws: HTTPError.self) { try call.decoded(as: [String: JSONValue].self) }
        #expect(stranger?.code == "wrong_shape" && stranger?.message == "outcome takes no argument wait.")
        let read = ToolCall(tool: .read, arguments: ["reads": [["component": "db"]]], id: .number(1), session: "")
        let missing = #expect(throws: HTTPError.self) { try read.decoded(as: ReadRequest.self) }
        #expect(missing?.code == "wrong_shape" && missing?.message == "The member reads.0.read is missing.")
        #expect(missing?.hint == "tools/list shows the schema of the arguments")
    }

    @Test(arguments: [-1, 26, 2.5, "3", true] as [JSONValue])
    func aWaitOutOfBoundsIsRefused(_ seconds: JSONValue) {
        let call = ToolCall(tool: .outcome, arguments: ["wait_s": seconds], id: .number(1), session: "")
        #expect(throws: HTTPError.self) { try call.wait() }
    }

    @Test func nobodyWaitsLongerThanTheCallMay() throws {
        var call = ToolCall(tool: .waitForIncident, arguments: [:], id: .number(1), session: "")
        #expect(try call.wait() == .seconds(25))
        call.arguments["wait_s"] = .null
        #expect(try call.wait() == .seconds(25))
        call.arguments["wait_s"] = 3
        #expect(try call.wait() == .seconds(3))
        call.patience = 0
        #expect(try call.wait() == .zero)
    }

    @Test func aRefusalIsAnErrorOfTheToolWithCodeSentenceAndHint() throws {
        let refusal = HTTPError.conflict("no_incident", "This session works on no incident.", hint: "wait for one")
        let shown = ToolResult.refused(refusal).json
        let document: JSONValue = [
            "code": "no_incident", "error": "This session works on no incident.", "hint": "wait for one",
        ]
        #expect(shown["isError"] == true && shown["structuredContent"] == document)
        let text = shown.at("content.0.text")?.stringValue ?? ""
        #expect(try OpsJSON.decode(JSONValue.self, from: text.utf8) == document)
        #expect(ToolResult.done(["a": 1]).json["isError"] == false)
    }
}
