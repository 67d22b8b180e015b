import OpsSystem
import Testing

@testable import OpsRuntime

/// What `compose/compose.yaml` promises, read as text: Compose itself is not asked.
@Suite struct LabComposeFileTests {
    private let text: String

    init() throws {
        var root = FileSystem.parent(of: #filePath)
        for _ in 0..<3 { root = FileSystem.parent(of: root) }
        text = try FileSystem.text("\(root)/compose/compose.yaml")
    }

    /// The lines of a service without comments.
    private func service(_ name: String) throws -> [Substring] {
        let lines = text.split(separator: "\n")
        let start = try #require(lines.firstIndex { $0 == "  \(name):" || $0.hasPrefix("  \(name): &") })
        return Array(lines[lines.index(after: start)...].prefix { $0.hasPrefix("    ") || $0.hasPrefix("  #") })
    }

    @Test func everyProgramOfALabIsAService() throws {
        for program in InstanceLayout.Half.allCases.flatMap(\.programs) {
            let lines = try service(program)
            #expect(lines.contains("    container_name: \"${OPSLAB_PREFIX}\(program)\""), "\(program)")
            #expect(lines.contains { $0.contains("/\(program).log\"") }, "\(program) has a log of its own")
        }
    }

    @Test func everyPortIsPublishedToThisMachineAlone() {
        let ports = text.split(separator: "\n").filter { $0.contains("OPSLAB_PORT_") && !$0.contains("healthcheck:") }
        #expect(ports.count == PortPlan.Listener.allCases.count { $0 != .proxy } + Self.monitoring.count)
        #expect(ports.allSatisfy { $0.contains("\"127.0.0.1:${OPSLAB_PORT_") })
    }

    private static let monitoring = ["prometheus", "alertmanager", "grafana"]

    /// Nobody starts them unasked, and the agent cannot reach what they know.
    @Test func monitoringIsAProfileOutOfTheAgentsReach() throws {
        #expect(text.contains("  profiles: [monitoring]\n"))
        for name in Self.monitoring {
            let lines = try service(name)
            #expect(lines.contains("    <<: *monitoring") && lines.contains { $0.hasPrefix("    mem_limit:") })
            #expect(lines.contains("    container_name: \"${OPSLAB_PREFIX}\(name)\""))
            #expect(lines.contains { $0.hasPrefix("    networks:") && !$0.contains("control") })
            #expect(!lines.contains { $0.contains("OPSLAB_") && $0.hasPrefix("      OPSLAB_") })
        }
        let files = try Self.monitoring.flatMap { try service($0) }.filter { $0.hasPrefix("      - \"${OPSLAB_HOME}") }
        #expect(files.count == 4 && files.allSatisfy { $0.hasSuffix(":ro\"") })
        #expect(files.count { $0.contains("/secrets/") } == 1)
    }

    /// They see the socket at which they are asked, and may change the network they are in, and nothing else.
    @Test func whoStandsInAnInstancesNetworkMayDoNothingElse() throws {
        for program in ["api-1", "api-2"] {
            let lines = try service("\(program)-net")
            #expect(lines.contains("    network_mode: \"service:\(program)\""))
            #expect(lines.contains("    container_name: \"${OPSLAB_PREFIX}\(program)-net\""))
            #expect(lines.contains { $0.hasPrefix("    command:") && $0.contains("/n/\(program).sock") })
            #expect(lines.filter { $0.hasPrefix("      - ") }.count == 2)
            #expect(!lines.contains { $0.contains("ports:") || $0.contains("networks:") })
        }
        let rights = text.split(separator: "\n").filter { $0.contains("NET_ADMIN") }
        #expect(rights == ["    cap_add: [NET_ADMIN, DAC_OVERRIDE]"])
    }

    @Test func oneContainerSeesTheEngineAndNoNetwork() throws {
        #expect(text.split(separator: "\n").count { $0.contains("${OPSLAB_ENGINE}") } == 1)
        let engine = try service("engine")
        #expect(engine.contains { $0.contains("${OPSLAB_ENGINE}") })
        #expect(engine.contains("    network_mode: none"))
    }

    @Test func theAgentKnowsTheGateAndNothingElse() throws {
        let agent = try service("agent")
        #expect(agent.contains("    networks: [control]"))
        #expect(!agent.contains { $0.contains("ports:") })
        let mounts = agent.filter { $0.hasPrefix("      - ") }
        #expect(mounts.allSatisfy { $0.contains("agent") })
        #expect(mounts.count == 5)
    }

    @Test func theTargetIsOnItsOwnNetworkOnly() throws {
        for program in InstanceLayout.Half.target.programs where program != "db" {
            #expect(try !service(program).contains { $0.contains("networks:") }, "\(program) has the shop's")
        }
        #expect(try service("db").contains("    networks: [target]"))
        #expect(text.contains("  networks: [target]\n  volumes:"))
    }

    /// A check is asked every ten seconds in each container, and what is asked has a limit of its own.
    @Test func everyServiceSaysWhetherItIsWell() throws {
        for program in InstanceLayout.Half.allCases.flatMap(\.programs) {
            let check = try #require(
                try service(program).first { $0.hasPrefix("    healthcheck: {<<: *check,") },
                "\(program)"
            )
            #expect(!check.contains("curl") || check.contains("-m, \"2\"") && check.contains("/healthz\"]}"))
        }
        #expect(text.contains("x-check: &check\n  interval: 10s\n  timeout: 3s\n  retries: 3\n"))
    }

    @Test func nothingIsPrivileged() {
        for word in ["privileged", "network_mode: host", "pid: host", "ipc: host", "seccomp", "SYS_ADMIN"] {
            #expect(!text.contains(word))
        }
    }
}
