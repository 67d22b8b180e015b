import Glibc
import OpsModel
import OpsService
import OpsSystem
import OpsTestKit
import Testing

/// Starts and stops whole labs with the built programs, in a state directory of their own.
@Suite("A lab's life", .serialized, .timeLimit(.minutes(5)))
struct InstanceLifecycleTests {
    private let lab: TestLab

    init() throws { self.lab = try TestLab("life\(UInt16.random(in: 0 ... .max))") }

    private struct Report: Decodable {
        struct Program: Decodable {
            var program: String
            var state: String
            var pid: Int32?
            var ready: Bool?
        }
        var home: String
        var up: Bool
        var programs: [Program]
    }

    @Test("up, up again, down and purge: nothing is left")
    func life() async throws {
        let up = try await self.lab.opslab("up")
        try #require(up.status == .exited(0), "\(up.errorText)")
        let report = try await self.status()
        // Started by root, two of them watch what the API instances send.
        #expect(report.programs.count == (geteuid() == 0 ? 17 : 15))
        #expect(report.programs.allSatisfy { $0.state == "running" || $0.state == "starting" }, "\(report.programs)")
        #expect(report.programs.allSatisfy { $0.ready != false }, "\(report.programs)")

        let again = try await self.lab.opslab("up")
        #expect(again.status == .exited(0), "\(again.errorText)")
        #expect(try await self.status().programs.map(\.pid) == report.programs.map(\.pid))

        #expect(try await self.lab.opslab("down").status == .exited(0))
        #expect(self.processes(of: report).isEmpty)
        #expect(try await self.lab.opslab("status").status == .exited(4))
        #expect(try await self.lab.opslab("down", "--purge").status == .exited(0))
        #expect(!FileSystem.exists(report.home))
        #expect(try FileSystem.list(self.lab.state.path) == ["people"])
    }

    @Test("killed supervisors are cleaned up by the next start")
    func killedSupervisors() async throws {
        try #require(try await self.lab.opslab("up").status == .exited(0))
        let report = try await self.status()
        for pid in self.processes(of: report) where self.isSupervisor(pid) { kill(pid, SIGKILL) }
        let up = try await self.lab.opslab("up")
        #expect(up.status == .exited(0), "\(up.errorText)")
        #expect(try await self.status().programs.allSatisfy { $0.ready != false })
        for pid in self.processes(of: report) where self.isSupervisor(pid) { kill(pid, SIGKILL) }
        #expect(try await self.lab.opslab("down", "--purge").status == .exited(0))
        #expect(self.processes(of: report).isEmpty)
    }

    @Test("an interrupted start leaves no process", arguments: [50, 400, 900, 1_500])
    func interrupted(milliseconds: Int64) async throws {
        let child = try await Launcher.shared.start(self.lab.command(["up"]))
        _ = await child.wait(within: .milliseconds(milliseconds))
        child.handle.signal(SIGINT)
        let status = await child.wait(within: .seconds(20))
        #expect(status == .exited(130) || status == .exited(0) || status == .signalled(SIGINT))
        if status == .exited(0) { _ = try await self.lab.opslab("down") }
        let home = "\(self.lab.state.path)/\(self.lab.name)"
        #expect(ProcessSample.allProcesses().filter { self.belongs($0, to: home) }.isEmpty)
        #expect(try await self.lab.opslab("down", "--purge").status == .exited(0))
    }

    private func status() async throws -> Report {
        try OpsJSON.decode(Report.self, from: try await self.lab.opslab("status", "--json").stdout)
    }

    private func processes(of report: Report) -> [Int32] {
        ProcessSample.allProcesses().filter { self.belongs($0, to: report.home) }
    }

    private func belongs(_ pid: Int32, to home: String) -> Bool {
        ProcessSample.commandLine(pid: pid).contains { $0.hasPrefix("\(home)/") }
    }

    private func isSupervisor(_ pid: Int32) -> Bool {
        ProcessSample.commandLine(pid: pid).contains { $0.hasSuffix("supervisord.conf") }
    }
}
