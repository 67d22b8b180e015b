import OpsSpec
import Testing

@testable import ControlPlane

@Suite("Which programs use the target")
struct TargetUsersTests {
    @Test("each starts after what it needs, customers last, providers apart")
    func order() throws {
        func programs(_ kind: ComponentKind, _ names: String...) -> BoundComponent {
            BoundComponent(kind: kind, instances: names.map { BoundInstance(name: $0, program: $0) })
        }
        let bindings = Bindings(
            runtime: "local",
            isolation: "I0",
            instance: "t",
            instanceID: "0",
            components: [
                "api": programs(.http, "api-1", "api-2"), "web": programs(.http, "web"),
                "worker": programs(.worker, "worker"), "report": programs(.batch, "report"),
                "db": programs(.postgres, "db"),
                "payments": BoundComponent(
                    kind: .provider,
                    providers: [
                        "primary": BoundProvider(url: "http://p", program: "payments-a"),
                        "fallback": BoundProvider(url: "http://f", program: "payments-b"),
                    ]
                ),
            ],
            load: BoundLoad(url: "http://l", program: "load")
        )
        let users = TargetUsers(try Topology.load("compose/topology.yaml"), bindings)
        #expect(users.tiers == [["api-1", "api-2", "report", "worker"], ["web"], ["load"]])
        #expect(users.providers == ["payments-a", "payments-b"])
    }
}
