import OpsScenario
import OpsSpec
import Testing

@Suite struct RoleBindingTests {
    private func binding() throws -> RoleBinding {
        let scenario = try Scenario.load("scenarios/upstream-down.yaml")
        return try #require(RoleBinding(scenario.roles, on: Topology.load("compose/topology.yaml")))
    }

    @Test(arguments: [
        ("2", "api", "api-2"), ("api-1", "api", "api-1"), ("1", "web", "web"), ("1", "worker", "worker"),
        ("primary", "payments", "primary"), ("fallback", "payments", "fallback"),
    ])
    func aWordMeansAnInstanceOrAnAlternative(_ word: String, _ component: String, _ unit: String) throws {
        #expect(try binding().unit(word, of: component) == unit)
    }

    @Test func whatIsNotThereKeepsItsNameToBeRefused() throws {
        #expect(try binding().unit("3", of: "api") == "api-3")
        #expect(try binding().unit("2", of: "web") == "web-2")
        #expect(try binding().unit("spare", of: "payments") == "spare")
    }

    @Test func aLinkIsBetweenTheComponentsOfItsRoles() throws {
        let binding = RoleBinding(components: ["caller": "api", "provider": "payments"])
        #expect(binding.component("caller->provider") == "api->payments")
        #expect(binding.component("caller->db") == "api->db")
        #expect(binding.component("caller") == "api")
        #expect(binding.component("a->b->c") == "a->b->c")
    }

    @Test func anInstanceKnowsWhoseItIs() throws {
        #expect(try binding().owner(of: "api-2") == "api")
        #expect(try binding().owner(of: "fallback") == "payments")
        #expect(try binding().owner(of: "api-9") == nil)
    }
}
