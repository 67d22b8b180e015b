import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import OpsRuntime

@Suite("Naming and finding a lab")
struct InstanceTests {
    @Test("names are plain", arguments: ["default", "t1", "demo-2", "0"])
    func names(text: String) throws { #expect(try InstanceName(text).text == text) }

    @Test(
        "anything that could be a path or an option is refused",
        arguments: [
            "", "../x", "a/b", "-x", "x-", "Ä", "A", "people", "reports", "a b", String(repeating: "x", count: 25),
        ]
    )
    func badNames(text: String) {
        #expect { try InstanceName(text) } throws: { ($0 as? RuntimeError)?.code == .badName }
    }

    @Test("the state directory is the clone's unless the environment says otherwise")
    func stateDirectory() throws {
        let clone = try TemporaryDirectory()
        let plain = InstanceLocator(repository: clone.path, environment: [:], isRoot: false)
        #expect(plain.layout(of: .standard).home == "\(clone.path)/.opslab/default")
        let moved = InstanceLocator(repository: clone.path, environment: ["OPSLAB_LABS": "/var/x"], isRoot: false)
        #expect(moved.layout(of: .standard).home == "/var/x/default")
        let empty = InstanceLocator(repository: clone.path, environment: ["OPSLAB_LABS": ""], isRoot: false)
        #expect(empty.state == plain.state)
        let relative = InstanceLocator(repository: clone.path, environment: ["OPSLAB_LABS": "labs"], isRoot: false)
        #expect(relative.state.hasPrefix("/") && relative.state.hasSuffix("/labs"))
    }

    @Test("root's lab lives elsewhere when service users could not enter the clone")
    func unreadableClone() throws {
        let clone = try TemporaryDirectory()  // 0700
        let name = try InstanceName("t1")
        let layout = InstanceLocator(repository: clone.path, environment: [:], isRoot: true).layout(of: name)
        #expect(layout.home.hasPrefix("/var/lib/opslab/"))
        chmod(clone.path, 0o755)
        let open = InstanceLocator(repository: clone.path, environment: [:], isRoot: true).layout(of: name)
        #expect(open.home == "\(clone.path)/.opslab/t1")
    }

    @Test("sockets fit into an address, and labs do not share them")
    func sockets() throws {
        let deep = "/" + (0..<30).map { "directory\($0)" }.joined(separator: "/")
        let locator = InstanceLocator(repository: deep, environment: [:], isRoot: true)
        let first = locator.layout(of: try InstanceName("one"))
        let second = locator.layout(of: try InstanceName("two"))
        #expect(first.sockets != second.sockets)
        #expect("\(first.targetDatabaseSocket)/.s.PGSQL.65535.lock".utf8.count < 108)
        #expect(first.guardSocket.utf8.count < 108)
    }

    @Test("a lab has one path, however it is reached")
    func canonical() throws {
        let clone = try TemporaryDirectory()
        try FileSystem.makeDirectory("\(clone.path)/labs", mode: 0o755)
        try FileSystem.makeLink("\(clone.path)/link", to: "\(clone.path)/labs")
        let paths = ["labs", "link", "labs/", "link/../labs"].map {
            let environment = ["OPSLAB_LABS": "\(clone.path)/\($0)"]
            return InstanceLocator(repository: clone.path, environment: environment, isRoot: false).state
        }
        #expect(Set(paths).count == 1)
    }

    @Test("sockets are looked for where the lab has them, as long as they are there")
    func foreignSockets() throws {
        let clone = try TemporaryDirectory()
        let sockets = clone.file("s")
        let locator = InstanceLocator(repository: clone.path, environment: [:], isRoot: false)
        let plain = locator.layout(of: .standard)
        try FileSystem.makeDirectory(plain.home, mode: 0o755)
        try InstanceRecord(instance: .standard, isolation: .users, ports: .standard, sockets: sockets)
            .write(plain.record)
        #expect(try Lab(.standard, locator: locator, http: HTTPClient()).layout.sockets == plain.sockets)
        try FileSystem.makeDirectory(sockets)
        #expect(try Lab(.standard, locator: locator, http: HTTPClient()).layout.sockets == sockets)
    }

    @Test("a second run waits its turn")
    func turns() throws {
        let clone = try TemporaryDirectory()
        let locator = InstanceLocator(repository: clone.path, environment: [:], isRoot: false)
        let lab = try Lab(.standard, locator: locator, http: HTTPClient())
        let turn = try lab.takeTurn()
        #expect { _ = try lab.takeTurn() } throws: { ($0 as? RuntimeError)?.code == .busy }
        turn.release()
        try lab.takeTurn().release()
    }

    @Test("a record is what was written, and a damaged one is never overwritten")
    func record() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("instance.json")
        #expect(try InstanceRecord.read(path) == nil)
        let record = InstanceRecord(instance: .standard, isolation: .users, ports: .standard, sockets: "/run/x")
        try record.write(path)
        let again = try #require(try InstanceRecord.read(path))
        #expect(again.instanceID == record.instanceID && again.instanceID.count == 32)
        #expect(again.ports == .standard)
        #expect(again.isolation == .users)
        try FileSystem.writeAtomically("{", to: path)
        #expect { try InstanceRecord.read(path) } throws: { ($0 as? RuntimeError)?.code == .stateDamaged }
    }

    @Test("a taken port is seen, and a free plan avoids it")
    func ports() throws {
        let plan = try PortPlan.free()
        #expect(plan.taken().isEmpty)
        #expect(Set(PortPlan.Listener.allCases.map { plan[$0] }).count == PortPlan.Listener.allCases.count)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = plan[.web].bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, 16) }
        }
        try #require(bound == 0 && listen(listener, 1) == 0)
        #expect(plan.taken() == [.web])
        #expect(try OpsJSON.decode(PortPlan.self, from: OpsJSON.encode(plan)) == plan)
    }
}
