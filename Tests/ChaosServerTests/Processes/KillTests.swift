import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Three doors of the kill switch", .serialized)
struct KillTests {
    private let request = FaultRequest(target: "cache", leaseS: 60)

    private func killKey(_ lab: ChaosLab) throws -> String { try FileSystem.text("\(lab.state)/kill.key") }

    private func press(_ base: String, _ key: String) async throws -> KillReport {
        try await ServiceClient(base: base, key: key).post(
            "/kill",
            ["reason": "test", "actor": "tester"] as JSONValue,
            timeout: .seconds(8)
        )
    }

    private func expectLatched(_ lab: ChaosLab, _ fault: String, _ report: KillReport) throws {
        #expect(report.latched)
        #expect(report.clean == [fault])
        #expect(LatchFile(state: lab.state).read()?.reason == "test")
        #expect(try FaultStore(state: lab.state).file(fault)?.machine.cause == .kill)
        #expect(try !FileSystem.list(lab.cache).contains { $0.hasSuffix(".entry") })
    }

    @Test("The kill listener works while nothing else of the server is asked, and wants its own key")
    func listener() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", self.request)
            let base = "http://127.0.0.1:\(lab.killPort)"
            await #expect(throws: RemoteError.self) { try await self.press(base, lab.key) }
            #expect(LatchFile(state: lab.state).read() == nil)
            try self.expectLatched(lab, record.id, try await self.press(base, try self.killKey(lab)))
        }
    }

    @Test(
        "The kill listener works with the guard stopped, and with the guard and its socket gone",
        arguments: [SIGSTOP, SIGKILL]
    )
    func listenerAlone(signal: Int32) async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", self.request)
            ProcessHandle(try lab.guardIdentity)?.signal(signal)
            let base = "http://127.0.0.1:\(lab.killPort)"
            try self.expectLatched(lab, record.id, try await self.press(base, try self.killKey(lab)))
        }
    }

    @Test("The guard's socket works with the server stopped")
    func guardSocket() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", self.request)
            try await lab.serverProcess.handle.signal(SIGSTOP)
            try self.expectLatched(lab, record.id, try await self.press("unix:\(lab.door)", ""))
        }
    }

    @Test("The program alone works with server and guard stopped, and the latch outlives a restart")
    func offline() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", self.request)
            try await lab.serverProcess.handle.signal(SIGSTOP)
            ProcessHandle(try lab.guardIdentity)?.signal(SIGSTOP)
            let output = try await OpsSystem.run(
                ChaosLab.program,
                ["revert", "--all", "--state", lab.state, "--reason", "test", "--actor", "tester"],
                within: .seconds(10)
            )
            #expect(output.status == .exited(0))
            try self.expectLatched(lab, record.id, try OpsJSON.decode(KillReport.self, from: output.stdout))
            try await lab.serverProcess.handle.signal(SIGKILL)
            try await lab.awaitServerEnd()
            try await lab.start()
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("cache-corrupt", self.request)
            }
            #expect(error?.code == "latched")
        }
    }

    @Test("A door waits as long as it is told, and refuses what is no time before anything is pressed")
    func wait() async throws {
        try await ChaosLab.with { lab in
            let key = try self.killKey(lab)
            let doors = [
                ("http://127.0.0.1:\(lab.port)", lab.key), ("http://127.0.0.1:\(lab.killPort)", key),
                ("unix:\(lab.door)", ""),
            ]
            for (base, key) in doors {
                let service = ServiceClient(base: base, key: key)
                let error = await #expect(throws: RemoteError.self) {
                    let _: KillReport = try await service.post("/kill?wait=11s", [:] as JSONValue)
                }
                #expect(error?.status == 422, "\(base)")
            }
            #expect(LatchFile(state: lab.state).read() == nil)
            // Whoever does not wait hears of an undo that runs, whoever waits hears that it is over.
            let record = try await lab.client.inject("cache-corrupt", self.request)
            let listener = ServiceClient(base: doors[1].0, key: key)
            let early: KillReport = try await listener.post("/kill?wait=0s", [:] as JSONValue)
            #expect(early.pending.map(\.fault) == [record.id])
            let late: KillReport = try await listener.post("/kill?wait=3s", [:] as JSONValue, timeout: .seconds(5))
            #expect(late.pending.isEmpty)
        }
    }

    @Test("Only the named kill is lifted, with a reason, and then faults begin again")
    func resume() async throws {
        try await ChaosLab.with { lab in
            let report = try await lab.client.kill(reason: "test")
            #expect(report.latched && report.pending.isEmpty)
            let id = try #require(report.killID)
            for (kill, reason, code) in [("other", "ok", "other_kill"), (id, "  ", "bad_parameter")] {
                let error = await #expect(throws: RemoteError.self) {
                    try await lab.client.resume(killID: kill, reason: reason)
                }
                #expect(error?.code == code)
            }
            #expect(try await !lab.client.resume(killID: id, reason: "checked").latched)
            #expect(try await lab.client.inject("cache-corrupt", self.request).state == .verified)
        }
    }
}
