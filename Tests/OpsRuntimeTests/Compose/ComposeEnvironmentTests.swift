import OpsSystem
import Testing

@testable import OpsRuntime

@Suite struct ComposeEnvironmentTests {
    private let layout = InstanceLayout(home: "/srv/labs/c", sockets: "/run/c", state: "/srv/labs")

    private func text() throws -> String {
        let record = InstanceRecord(
            instance: try InstanceName("c"),
            runtime: .compose,
            isolation: .containers,
            ports: .standard,
            sockets: "/run/c",
            engine: "/run/engine.sock"
        )
        return ComposeEnvironment(layout: layout, record: record, accounts: .single())
            .file.text
    }

    /// A name that the file leaves open and nobody fills in would be an empty word to Compose.
    @Test func everyVariableOfTheFileIsFilledIn() throws {
        var root = FileSystem.parent(of: #filePath)
        for _ in 0..<3 { root = FileSystem.parent(of: root) }
        let file = try FileSystem.text("\(root)/compose/compose.yaml")
        let wanted = Set(file.split(separator: "${").dropFirst().map { String($0.prefix { $0 != "}" }) })
        let known = try Set(
            text().split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) }
        )
        #expect(wanted.subtracting(known).isEmpty)
        #expect(wanted.count > 20)
    }

    @Test func saysWhereTheLabLies() throws {
        let lines = try text().split(separator: "\n")
        #expect(lines.contains("OPSLAB_PREFIX=opslab-c-"))
        #expect(lines.contains("OPSLAB_HOME=/srv/labs/c"))
        #expect(lines.contains("OPSLAB_PORT_WEB=8000"))
        #expect(lines.contains("OPSLAB_ENGINE=/run/engine.sock"))
    }

    /// docker-compose refuses a list of groups in which one stands twice, and a single person has one group for all.
    @Test func noGroupStandsTwice() throws {
        let groups = try text().split(separator: "\n").filter { $0.hasPrefix("OPSLAB_GROUP_") }
        let numbers = groups.compactMap { $0.split(separator: "=").last }
        #expect(numbers.count == ServiceAccount.Group.allCases.count)
        #expect(Set(numbers).count == numbers.count, "\(groups)")
    }

    @Test func noSecretIsInIt() throws {
        #expect(try !text().lowercased().contains("password"))
        #expect(try !text().contains("/secrets/"))
    }
}
