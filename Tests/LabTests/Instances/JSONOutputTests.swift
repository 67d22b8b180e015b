import Glibc
import OpsModel
import OpsService
import OpsSystem
import OpsTestKit
import Testing

/// What a script reads of the verbs that change a lab: one object each on standard output, and nothing else there.
@Suite("Verbs that change a lab, as a script reads them", .serialized, .timeLimit(.minutes(5)))
struct JSONOutputTests {
    /// A lab with its databases and the injector.
    private static let parts = [
        "payments-a", "payments-b", "api-1", "api-2", "web", "worker", "report", "load", "action", "observer", "gate",
        "agent",
    ].flatMap { ["--without", $0] }

    private let lab: TestLab

    init() throws { lab = try TestLab("scripted") }

    @Test("up, resume, keys revoke, migrate down and up, down")
    func oneObjectEach() async throws {
        let up = try await object(["up"] + Self.parts)
        #expect(up["instance"] == "scripted" && up["up"] == true && up["was_up"] == false)
        #expect(try #require(up["took_s"]?.doubleValue) > 0 && up["isolation"] == (geteuid() == 0 ? "I2" : "I0"))
        let chaos = up["programs"]?.arrayValue?.first { $0["program"] == "chaos" }
        #expect(chaos?["ready"] == true && chaos?["url"]?.stringValue?.hasPrefix("http://127.0.0.1:") == true)
        #expect(try await object(["up"] + Self.parts)["was_up"] == true)

        #expect(try await object(["resume", "--reason", "nothing to lift"])["latched"] == false)
        let kill = try await object(["kill", "--reason", "drill"])
        let resumed = try await object(["resume", "--reason", "over"])
        #expect(kill["latched"] == true && resumed["latched"] == false)

        let revoked = try await object(["keys", "revoke", "tester"])["revoked"]?.arrayValue
        #expect(revoked?.count == 1 && revoked?.first?["not_after"] != nil)

        let status = try await object(["migrate", "status"])
        let last = try #require(status.arrayValue?.last?["number"]?.intValue)
        let undone = try await object(["migrate", "down", "--to", "\(last - 1)", "--yes"])
        #expect(undone["undone"]?.arrayValue?.map { $0["number"] } == [.int(last)] && undone["applied"] == [])
        #expect(try await object(["migrate", "up"])["applied"] == undone["undone"])

        let down = try await object(["down"])
        #expect(down["was_running"] == true && down["purged"] == false)
        let purged = try await object(["down", "--purge"])
        #expect(purged["was_running"] == false && purged["purged"] == true)
    }

    private func object(_ arguments: [String]) async throws -> JSONValue {
        let output = try await lab.opslab(arguments + ["--json"])
        try #require(output.status == .exited(0), "\(arguments): \(output.errorText)")
        return try OpsJSON.decode(JSONValue.self, from: output.stdout)
    }
}
