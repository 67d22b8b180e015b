import GateClient
import Glibc
import OpsModel
import OpsSystem
import Testing

@testable import ControlPlane

/// The official client of the protocol, a program of its own, at a gate with a real PostgreSQL.
@Suite struct MCPClientTests {
    private static let python = ".build/clients/bin/python"

    /// Only who says so goes without the client.
    private static let isLeftOut = access(python, X_OK) != 0 && getenv("OPSLAB_ALLOW_NO_MCP") != nil

    private func run(_ arguments: [String], at bench: GateBench) async throws -> CommandOutput {
        try #require(access(Self.python, X_OK) == 0, "the client is not installed: scripts/bootstrap --test")
        let environment = ["OPSLAB_GATE": bench.base, "OPSLAB_AGENT_KEY": bench.hostKey, "OPSLAB_ONCE": "1"]
        return try await OpsSystem.run(
            Self.python,
            arguments,
            environment: environment,
            within: .seconds(90)
        )
    }

    /// Says yes to whatever is asked, as long as somebody lets it.
    private func approveAll(at bench: GateBench) async throws {
        while !Task.isCancelled {
            for approval in try await bench.person.approvals(.pending) { _ = try await bench.approve(approval.id) }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func whileApproved<Value: Sendable>(
        at bench: GateBench,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try? await approveAll(at: bench)  // ends when it is cancelled
                return nil
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let value = try await group.next() { if let value { return value } }
            throw CancellationError()
        }
    }

    @Test(.disabled(if: isLeftOut, "OPSLAB_ALLOW_NO_MCP: the client is not installed"), arguments: ["auto", "legacy"])
    func theOfficialClientWorksAnIncident(_ mode: String) async throws {
        try await GateBench.with { bench, incident in
            let output = try await whileApproved(at: bench) {
                try await run(["Tests/mcp/drive.py", "\(bench.base)/mcp", mode], at: bench)
            }
            try #require(output.status == .exited(0), "\(output.errorText)")
            let seen = try OpsJSON.decode(JSONValue.self, from: output.stdout)
            #expect(seen == Self.expected(incident), "\(output.errorText)")
            #expect(bench.world.effects.count == 1)
            #expect(try await bench.store.record(incident).incident.agent == "agent/driver")
        }
    }

    private static func expected(_ incident: String) -> JSONValue {
        [
            "version": "2025-11-25", "server": "opslab", "instructions": true,
            "tools": ["wait_for_incident", "incident", "read", "diagnose", "propose", "outcome", "escalate"],
            "wrong_action": false, "wrong_read": false, "unknown_tool": -32_602, "early": "no_incident",
            "incident": .string(incident), "evidence": ["ev-1", "ev-2"], "unknown_evidence": "evidence_unknown",
            "second": "proposal_pending", "outcome": "recovered", "late": "incident_closed", "next": nil,
        ]
    }

    @Test(.disabled(if: isLeftOut, "OPSLAB_ALLOW_NO_MCP: the client is not installed"))
    func theExampleRepairs() async throws {
        try await GateBench.with { bench, incident in
            bench.world.hasBlocker = true
            let output = try await whileApproved(at: bench) {
                try await run(["docs/examples/agent_mcp.py"], at: bench)
            }
            #expect(output.status == .exited(0), "\(output.errorText)")
            #expect(output.text.hasPrefix("incident: \(incident)") && output.text.contains("outcome: recovered"))
            let record = try await bench.store.record(incident)
            #expect(record.incident.state == .resolved)
            #expect(record.diagnoses.map(\.mechanism) == ["lock-contention"])
            #expect(record.proposals.first?.proposal.options.first?.steps.first?.action == "terminate-sessions")
        }
    }
}
