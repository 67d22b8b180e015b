import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import OpsRuntime

@Suite struct DoctorContainersTests {
    private let directory: TemporaryDirectory
    private let layout: InstanceLayout
    private let locator: InstanceLocator

    init() throws {
        directory = try TemporaryDirectory()
        locator = InstanceLocator(
            repository: directory.path,
            environment: ["OPSLAB_LABS": directory.path],
            isRoot: false
        )
        layout = locator.layout(of: try InstanceName("c"))
    }

    /// A lab that was once started in containers of the engine at this socket.
    private func lab(_ socket: String, _ runtime: LabRuntime = .compose) throws -> Lab {
        let record = InstanceRecord(
            instance: try InstanceName("c"),
            runtime: runtime,
            isolation: .containers,
            ports: .standard,
            sockets: directory.file("s"),
            engine: runtime == .compose ? socket : nil
        )
        try FileSystem.makeDirectory(layout.home, mode: 0o755)
        try record.write(layout.record)
        return try Lab(InstanceName("c"), locator: locator, http: HTTPClient())
    }

    private func examine(_ lab: Lab) async -> [String: Doctor.Finding] {
        let findings = await Doctor(lab: lab).examine()
        return Dictionary(findings.map { ($0.subject, $0) }) { first, _ in first }
    }

    @Test func anEngineWithEverything() async throws {
        let engine = try StubEngine(at: directory.file("e.sock"), StubEngine.usable())
        let findings = await examine(try lab(engine.socket))
        #expect(findings["engine"]?.verdict == .ok)
        #expect(findings["engine"]?.detail == "20.10.24 at \(engine.socket), API 1.41")
        #expect(findings["image opslab/postgres:dev"]?.detail == "143 MB")
        #expect(findings["containers"]?.detail == "none of this lab")
        #expect(findings["memory"]?.detail == "the engine has 8192 MB")
        #expect(findings["engine's disk"]?.detail.contains("storage overlay2") == true)
        #expect(findings["isolation"]?.detail.hasPrefix("I3") == true)
    }

    @Test func withoutAnEngineTheRestIsStillLookedAt() async throws {
        let findings = await examine(try lab(directory.file("none.sock")))
        #expect(findings["engine"]?.verdict == .missing)
        #expect(findings["engine"]?.hint?.contains("scripts/engine start") == true)
        #expect(findings["compose"] != nil && findings["disk"] != nil && findings["ports"] != nil)
        #expect(findings["containers"] == nil && findings["memory"] == nil)
    }

    @Test func whatIsMissingOrLeftIsNamed() async throws {
        let engine = try StubEngine(at: directory.file("e.sock"), StubEngine.usable())
        engine.set("/images/opslab/haproxy:dev/json", nil)
        engine.set(
            "/containers/json",
            .json([["Names": ["/opslab-c-web"], "State": "exited", "Status": "Exited (0)"]])
        )
        let findings = await examine(try lab(engine.socket))
        #expect(findings["image opslab/haproxy:dev"]?.verdict == .missing)
        #expect(findings["image opslab/haproxy:dev"]?.hint?.contains("make images") == true)
        #expect(findings["image opslab/services:dev"]?.verdict == .ok)
        #expect(findings["containers"]?.verdict == .warning)
        #expect(findings["containers"]?.hint == "`opslab down` removes them")
    }

    @Test func aLabOfProcessesKeepsItsWay() async throws {
        let lab = try lab("", .local)
        let findings = await Doctor(lab: lab, runtime: .compose).examine()
        let finding = findings.first { $0.subject == "lab" }
        #expect(finding?.verdict == .warning && finding?.detail.contains("runs as local") == true)
        #expect(await Doctor(lab: lab).examine().contains { $0.subject == "engine" } == false)
    }

    @Test func oldImagesAreTold() throws {
        let answer: JSONValue = ["Size": 1_000_000, "Created": "2026-11-22T03:30:01Z"]
        let image = try #require(ComposeImage("opslab/services:dev", answer))
        func verdict(_ built: Int?, _ packed: Int?) -> Doctor.Finding.Verdict {
            Doctor.image("opslab/services:dev", image, built: built, packed: packed).verdict
        }
        #expect(verdict(nil, nil) == .ok)
        #expect(verdict(image.created - 1, nil) == .ok)
        #expect(verdict(image.created + 9, nil) == .warning)
        // Packed again with nothing changed in them: the image stays as it is, and is right.
        #expect(verdict(image.created + 9, image.created + 10) == .ok)
        #expect(verdict(image.created + 9, image.created + 8) == .warning)
    }

    @Test func unwellContainersAreNamed() {
        let sick = EngineInventory.Container(name: "opslab-c-web", state: "running", status: "Up (unhealthy)")
        var inventory = EngineInventory(containers: nil, networks: nil, volumes: nil)
        inventory.containers = [sick]
        let finding = Doctor.inventory(inventory, true)
        #expect(finding.verdict == .warning && finding.detail.hasSuffix("unhealthy: opslab-c-web"))
        inventory.containers[0].status = "Up"
        #expect(Doctor.inventory(inventory, true).verdict == .ok)
    }
}
