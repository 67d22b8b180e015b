import Glibc
import OpsModel
import OpsRuntime
import OpsService
import OpsSystem
import OpsTestKit
import Testing

/// Who may read what in a lab that root started; a lab of one user makes no such promise and says so.
@Suite("Isolation of a lab", .serialized, .timeLimit(.minutes(5)))
struct IsolationTests {
    private static let parts = [
        "payments-a", "payments-b", "api-1", "api-2", "web", "worker", "report", "load", "action", "observer", "chaos",
        "gate",
        "agent",
    ]

    @Test("each account reads its own secrets, and nobody else's")
    func secrets() async throws {
        let lab = try TestLab("isolated")
        let without = Self.parts.flatMap { ["--without", $0] }
        let up = try await lab.opslab(["up"] + without)
        try #require(up.status == .exited(0), "\(up.errorText)")
        let home = lab.state.file("isolated")
        let record = try #require(try InstanceRecord.read("\(home)/instance.json"))
        #expect(record.isolation == (geteuid() == 0 ? .users : .interface))
        if record.isolation == .users { try await self.checkReaders(home) }
        #expect(try await lab.opslab("down", "--purge").status == .exited(0))
    }

    private func checkReaders(_ home: String) async throws {
        let readers: [(file: String, account: ServiceAccount?)] = [
            ("secrets/key-agent", .agent), ("secrets/key-gate", .control), ("secrets/key-observer", .observer),
            ("secrets/key-alertmanager", .observer),
            ("secrets/key-operator", nil), ("secrets/key-referee", nil), ("secrets/db-shop", .target),
            ("secrets/db-observer", .observer), ("secrets/agentops-chaos", .chaos), ("secrets/agentops-gate", .control),
            ("lab/gate/signing.key", .control), ("lab/chaos/service.yaml", .chaos), ("lab/chaos/kill.key", .chaos),
            ("lab/agent/service.yaml", .agent), ("lab/action/trust.json", .action), ("lab/action/keys.json", .action),
        ]
        for (file, owner) in readers {
            for account in ServiceAccount.allCases {
                let isReadable = try await self.succeeds(as: account, ["/usr/bin/head", "-c1", "\(home)/\(file)"])
                #expect(isReadable == (account == owner), "\(account.rawValue) and \(file)")
            }
        }
        for account in ServiceAccount.allCases {
            let mayWrite = try await self.succeeds(
                as: account,
                ["/usr/bin/test", "-w", "\(home)/target/config/shop.env"]
            )
            #expect(
                mayWrite == ServiceAccount.Group.target.members.contains(account),
                "\(account.rawValue) and shop.env"
            )
            let mayList = try await self.succeeds(as: account, ["/usr/bin/ls", "\(home)/target/log"])
            #expect(
                mayList == ServiceAccount.Group.log.members.contains(account),
                "\(account.rawValue) and the target's logs"
            )
            #expect(try await !self.succeeds(as: account, ["/usr/bin/ls", "\(home)/referee"]), "\(account.rawValue)")
        }
    }

    private func succeeds(as account: ServiceAccount, _ words: [String]) async throws -> Bool {
        let identity = ["--reuid=\(account.rawValue)", "--regid=\(account.rawValue)", "--init-groups", "--"]
        return try await run("/usr/bin/setpriv", identity + words, within: .seconds(20)).status.isSuccess
    }
}
