import Glibc
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import TargetServer

/// A real process of the shop that is told to end.
@Suite("The end of a process", .serialized)
struct StopTests {
    private static let program = FileSystem.parent(of: executablePath()) + "/TargetServer"

    /// What stands at the address of the AgentOps database.
    enum Database: String, CaseIterable {
        /// Nobody listens there.
        case refuses
        /// The kernel takes the connection, and nobody ever answers.
        case isSilent
    }

    private func configuration(_ directory: TemporaryDirectory, recordPort: Int) -> String {
        """
        listen: unix:\(directory.file("listen"))
        name: payments-a
        ledger: \(directory.path)
        record:
          host: 127.0.0.1
          port: \(recordPort)
          database: agentops
          user: target
          org: lab
          spool: \(directory.file("spool"))
          writer: payments-a

        """
    }

    private func waitUntilItListens(_ directory: TemporaryDirectory, _ child: ChildProcess) throws {
        let end = BootClock.now() + 10_000_000_000
        while BootClock.now() < end, !child.handle.hasExited {
            if (try? FileDescriptor(connectingTo: directory.file("listen"))) != nil { return }
            usleep(10_000)
        }
        Issue.record("the process does not listen")
    }

    @Test("it ends in good order within its drain while its records cannot be sent", arguments: Database.allCases)
    func withoutRecords(database: Database) async throws {
        let directory = try TemporaryDirectory()
        let silence = try SilentPort()
        let port = silence.port
        if database == .refuses { silence.close() }
        try FileSystem.writeAtomically(
            self.configuration(directory, recordPort: port),
            to: directory.file("service.yaml")
        )
        let errors = try FileDescriptor(opening: directory.file("log"), O_WRONLY | O_CREAT)
        let child = try await Launcher.shared.start(
            Spawn(
                path: Self.program,
                arguments: ["upstream", "--config", directory.file("service.yaml")],
                directory: "/",
                standardError: errors.raw
            )
        )
        withExtendedLifetime(errors) {}
        try self.waitUntilItListens(directory, child)
        let begin = BootClock.now()
        child.handle.signal(SIGTERM)
        let status = await child.wait(within: .seconds(10))
        let seconds = Double(BootClock.now() - begin) / 1e9
        let log = try FileSystem.text(directory.file("log"))
        #expect(status == .exited(0), "\(log)")
        #expect(seconds < ShopProcess.drain / .seconds(1), "\(seconds) s")
        let spool = try FileSystem.list(directory.file("spool")).map { "\(directory.file("spool"))/\($0)" }
        let records = try spool.filter { !FileSystem.isDirectory($0) }.map { try FileSystem.text($0) }.joined()
        #expect(records.contains("process.stopped"), "what could not be sent is kept for the next start")
        silence.close()
    }
}

/// A TCP port at which connections are taken by the kernel and by nobody else.
private final class SilentPort {
    let port: Int
    private var raw: Int32

    init() throws {
        raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = raw
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
                    ? listen(descriptor, 8) : -1
            }
        }
        try #require(result == 0)
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    func close() {
        if raw >= 0 { Glibc.close(raw) }
        raw = -1
    }
}
