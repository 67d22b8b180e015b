import Glibc
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

extension ChaosLab {
    /// Lends a lab whose supervisor is real and runs programs of these names, which do nothing.
    static func withPrograms(
        _ names: [String],
        cluster: PostgresFixture = .shared,
        _ body: (ChaosLab, TargetSupervisor) async throws -> Void
    ) async throws {
        try await ChaosLab.with(cluster: cluster) { lab in
            let supervisor = try lab.startSupervisor(of: names)
            let link = TargetSupervisor(lab.directory.file("supervisor.sock"))
            do {
                try await eventually("the programs run", within: .seconds(60)) {
                    names.allSatisfy { (try? link.state(of: $0).phase) == .running }
                }
                try await body(lab, link)
            } catch {
                await supervisor.stop()
                throw error
            }
            await supervisor.stop()
        }
    }

    private func startSupervisor(of names: [String]) throws -> ChildProcess {
        let programs = names.map {
            "[program:\($0)]\ncommand=/bin/sleep 1000\nautorestart=false\nstartsecs=0\nstdout_logfile=NONE\nstderr_logfile=NONE\n"
        }
        let text = """
            [unix_http_server]
            file=\(self.directory.file("supervisor.sock"))
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
            [supervisord]
            nodaemon=true
            logfile=/dev/null
            logfile_maxbytes=0
            pidfile=\(self.directory.file("supervisord.pid"))

            """ + programs.joined()
        try FileSystem.writeAtomically(text, to: self.directory.file("supervisord.conf"))
        let quiet = try FileDescriptor(opening: "/dev/null", O_WRONLY)
        let supervisor = try Spawn(
            path: "/usr/bin/supervisord",
            arguments: ["-c", self.directory.file("supervisord.conf")],
            environment: ["PATH": "/usr/bin:/bin"],
            directory: "/",
            standardOutput: quiet.raw
        ).start()
        withExtendedLifetime(quiet) {}
        return supervisor
    }
}
