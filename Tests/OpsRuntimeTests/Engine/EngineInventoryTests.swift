import OpsHTTP
import OpsModel
import OpsTestKit
import Testing

@testable import OpsRuntime

@Suite struct EngineInventoryTests {
    @Test func everythingOfALabByItsLabel() async throws {
        let directory = try TemporaryDirectory()
        let engine = try StubEngine(
            at: directory.file("e.sock"),
            [
                "/containers/json": .json([
                    ["Names": ["/opslab-c-web"], "State": "running", "Status": "Up 3 minutes (unhealthy)"],
                    ["Names": ["/opslab-c-db"], "State": "exited", "Status": "Exited (0) 2 seconds ago"],
                    ["Names": []],
                ]),
                "/networks": .json([["Name": "opslab-c-target"]]),
                "/volumes": .json(["Volumes": [["Name": "opslab-c-scratch"]]]),
            ]
        )
        let reach = EngineReach(socket: engine.socket, http: HTTPClient())
        let inventory = try await EngineInventory.take(of: "opslab-c", by: reach)
        #expect(inventory.containers.map(\.name) == ["opslab-c-web", "opslab-c-db"])
        #expect(inventory.containers.map(\.isUnhealthy) == [true, false])
        #expect(inventory.networks == ["opslab-c-target"] && inventory.volumes == ["opslab-c-scratch"])
        // By the label, not by the beginning of a name: lab "c" is not lab "c-2".
        #expect(engine.requests.count == 3)
        #expect(
            engine.requests.allSatisfy {
                $0.contains("filters=%7B%22label%22%3A%5B%22com.docker.compose.project%3Dopslab-c%22%5D%7D")
            },
            "\(engine.requests)"
        )
    }

    @Test func nothing() {
        #expect(EngineInventory(containers: nil, networks: [], volumes: ["Volumes": .null]).isEmpty)
    }
}
