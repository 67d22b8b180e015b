import OpsCommand
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTrust
import Testing

@testable import ControlPlane

@Suite struct KeysRevokeCommandTests {
    @Test("It prints every key that ended, as `keys list` tells them from then on")
    func printsWhatEnded() async throws {
        let bench = try CommandLineBench()
        let keys = PeopleKeys(layout: try bench.layout(of: "lab1"))
        for service in ["action", "gate"] {
            try FileSystem.makeDirectory(keys.layout.service(service))
            let file = try OpsJSON.encode(TrustFile(ring: KeyRing([])))
            try FileSystem.writeAtomically(file, to: "\(keys.layout.service(service))/trust.json", mode: 0o640)
        }
        _ = try keys.make("zoe")
        let names = try [keys.make("ann"), keys.make("ann")].map(\.keyID)

        let output = try await bench.opslab(["keys", "revoke", "ann", "--instance", "lab1", "--json"])
        #expect(output.status == .exited(ExitCode.ok), "\(output.errorText)")
        let report = try OpsJSON.decode(JSONValue.self, from: output.stdout)
        #expect(report["name"] == "ann")
        #expect(report["revoked"]?.arrayValue?.compactMap { $0["kid"]?.stringValue } == names)
        let listed = try await bench.opslab(["keys", "list", "--instance", "lab1", "--json"])
        let entries = try #require(try OpsJSON.decode(JSONValue.self, from: listed.stdout).arrayValue)
        #expect(report["revoked"]?.arrayValue == entries.filter { $0["name"] == "ann" })
    }
}
