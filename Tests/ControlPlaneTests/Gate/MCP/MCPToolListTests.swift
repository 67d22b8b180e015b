import GateClient
import OpsHTTP
import OpsModel
import OpsSpec
import Testing

@testable import ControlPlane

/// Over the wire: under which names `tools/list` shows what may be proposed.
@Suite struct MCPToolListTests {
    /// The schema of one step of `propose`, and the whole list as it was sent.
    private func list(_ talk: MCPTalk) async throws -> (step: JSONValue, text: String) {
        let answer = try await talk.send(MCPTalk.request("tools/list"))
        #expect(answer.status == 200 && answer.fault == nil)
        let tools = answer.reply.at("result.tools")?.arrayValue ?? []
        #expect(tools.count == ToolName.allCases.count)
        let propose = tools.first { $0["name"] == "propose" }
        let step = propose?.at("inputSchema.properties.options.items.properties.steps.items") ?? .null
        return (step, answer.text)
    }

    private let component = "oneOf.0.properties.parameters.properties.component"

    @Test func withoutAnIncidentNothingIsCalledAnything() async throws {
        try await GateBench.with { bench, _ in
            let talk = try await MCPTalk.begun(at: bench)
            for handicap in [Handicap(), Handicap(renameSeed: 3)] {
                try await bench.referee.set(handicap)
                let (step, text) = try await list(talk)
                #expect(step.at("oneOf.0.properties.action.const") == "clear-cache")
                let open: JSONValue = ["type": "string", "description": "values as in the incident's `actions`"]
                #expect(step.at(component) == open)
                for name in ["cache", GateBench.renaming(3).there("cache")] { #expect(!text.contains("\"\(name)\"")) }
            }
        }
    }

    @Test func withAnIncidentItSpeaksThatOnesNamesWhateverIsInForce() async throws {
        let cache: String = GateBench.renaming(3).there("cache")
        try await GateBench.with { bench, _ in
            let talk = try await MCPTalk.begun(at: bench)
            try await bench.referee.set(Handicap(renameSeed: 3))
            let taken = try await talk.tool("wait_for_incident")
            let told = taken.document.at("incident.actions.0.parameters.properties.component.enum")
            #expect(told == [.string(cache)])
            for later in [Handicap(), Handicap(renameSeed: 4)] {
                try await bench.referee.set(later)
                let (step, text) = try await list(talk)
                #expect(step.at("\(component).enum") == told)
                #expect(!text.contains("\"cache\""))
            }
        }
    }

    @Test func whileActionPlaneIsAwayItKnowsNoActions() async throws {
        try await GateBench.with { bench, _ in
            let talk = try await MCPTalk.begun(at: bench)
            bench.world.isAway = true
            let step = try await list(talk).step
            #expect(step["oneOf"] == nil && step["type"] == "object")
            bench.world.isAway = false
            #expect(try await list(talk).step["oneOf"]?.arrayValue?.count == 2)
        }
    }
}
