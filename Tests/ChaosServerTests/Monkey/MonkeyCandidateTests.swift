import OpsModel
import OpsSpec
import Testing

@testable import ChaosServer

/// With the shipped topology, and places made up for it.
@Suite("What a monkey may choose from")
struct MonkeyCandidateTests {
    private func candidates(_ fault: String, host: String?) throws -> [MonkeyCandidate] {
        let providers = ["primary": BoundProvider(url: "http://127.0.0.1:9", host: host)]
        let api = BoundInstance(name: "api-1", program: "api-1", url: "http://127.0.0.1:8")
        let bindings = Bindings(
            runtime: "local",
            isolation: "I0",
            instance: "test",
            instanceID: "00",
            components: [
                "api": BoundComponent(kind: .http, instances: [api]),
                "payments": BoundComponent(kind: .provider, providers: providers),
            ],
            config: ["shop.env": BoundConfig(path: "/x/shop.env"), "shop.hosts": BoundConfig(path: "/x/shop.hosts")]
        )
        let topology = try Topology.load("compose/topology.yaml")
        let resolver = TargetResolver(topology: topology, bindings: bindings, passwords: [:], caps: .none)
        return MonkeyCandidate.all(resolver).filter { $0.fault == fault }
    }

    @Test("A name leads astray where there is one that is looked up, for all instances at once")
    func names() throws {
        let found = try self.candidates("dns-wrong", host: "pay-a")
        #expect(found == [MonkeyCandidate(fault: "dns-wrong", target: "api", with: ["to": "payments"])])
        #expect(try self.candidates("dns-wrong", host: nil).isEmpty)
    }
}
