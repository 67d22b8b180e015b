import Glibc
import OpsHTTP
import OpsModel
import OpsSpec
import OpsSystem
import OpsTestKit
import OpsTrust
import OpsYAML
import Testing

@testable import OpsRuntime

@Suite("What a lab's files say")
struct LabBlueprintTests {
    private let directory: TemporaryDirectory
    private let blueprint: LabBlueprint
    private let store: SecretStore
    private let secrets: LabSecrets

    init() throws {
        self.directory = try TemporaryDirectory()
        let layout = InstanceLayout(home: self.directory.path, sockets: "/run/x", state: self.directory.path)
        for path in [
            layout.secrets, layout.service("gate"), layout.service("chaos"), layout.service("action"),
            layout.service("observer"), layout.target,
        ] {
            try FileSystem.makeDirectory(path)
        }
        let record = InstanceRecord(instance: .standard, isolation: .interface, ports: .standard, sockets: "/run/x")
        self.blueprint = LabBlueprint(
            layout: layout,
            record: record,
            accounts: .single(),
            host: try HostPrograms.find()
        )
        self.store = SecretStore(layout: layout, accounts: .single())
        self.secrets = try LabSecrets(self.store, people: ["ann", "second"])
    }

    @Test("every settings file is YAML, and none holds a secret")
    func settings() throws {
        let hidden = Array(self.secrets.agentOps.values) + self.secrets.keys.values.map(\.secretText)
        for file in try self.blueprint.serviceFiles + self.blueprint.targetFiles(self.secrets)
        where file.path.hasSuffix(".yaml") {
            #expect(try YAMLDocument.parse(file.text, file: file.path).root.mapping?.isEmpty == false)
            for secret in hidden { #expect(!file.text.contains(secret), "\(file.path)") }
        }
    }

    @Test("an instance keeps itself under the limits that the topology declares, and that its container has")
    func limits() throws {
        let api = try #require(try Topology.load("compose/topology.yaml").component("api"))
        let limit = try #require(api.memoryLimit)
        let descriptors = try #require(api.descriptorLimit)
        let files = try self.blueprint.targetFiles(self.secrets)
        let compose = try FileSystem.text("compose/compose.yaml")
        for name in ["api-1", "api-2"] {
            let file = try #require(files.first { $0.path.hasSuffix("/\(name).yaml") })
            #expect(file.text.contains("\nmemory_mib: \(limit >> 20)\n"))
            #expect(file.text.contains("\nfds: \(descriptors)\n"))
            let service = try #require(compose.firstRange(of: "\n  \(name):\n"))
            #expect(compose[service.upperBound...].prefix(200).contains("\n    mem_limit: \(limit >> 20)m\n"))
            #expect(compose[service.upperBound...].prefix(300).contains("nofile: {soft: \(descriptors), hard: 1024}"))
        }
    }

    @Test("the gate starts at the level that was typed", arguments: Autonomy.allCases)
    func autonomy(_ level: Autonomy) throws {
        let typed = LabBlueprint(
            layout: self.blueprint.layout,
            record: self.blueprint.record,
            accounts: .single(),
            host: self.blueprint.host,
            autonomy: level
        )
        let file = try #require(typed.serviceFiles.first { $0.path.hasSuffix("gate/service.yaml") })
        let lines = file.text.split(separator: "\n").filter { $0.hasPrefix("autonomy:") }
        #expect(lines.count == 1 && lines[0].contains(level.rawValue))
    }

    @Test("the agent is told about the gate and about nothing else of the lab")
    func agent() throws {
        let file = try #require(self.blueprint.serviceFiles.first { $0.path.hasSuffix("agent/service.yaml") })
        for word in ["chaos", "observer", "action", "bindings", "topology"] {
            #expect(!file.text.contains(word), "\(word)")
        }
        for file in self.blueprint.serviceFiles where !file.path.contains("chaos") {
            #expect(!file.text.contains(self.blueprint.ports.url(.chaos)), "\(file.path)")
        }
    }

    @Test("secrets are made once, and only their holder can read them")
    func secretFiles() throws {
        let again = try LabSecrets(self.store, people: ["ann", "second"])
        #expect(again.target == self.secrets.target)
        #expect(again.approvers == self.secrets.approvers)
        for name in try FileSystem.list(self.blueprint.layout.secrets) {
            var status = stat()
            #expect(stat(self.blueprint.layout.secret(name), &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
    }

    @Test("a service accepts the keys of its peers, as hashes")
    func keys() throws {
        try self.blueprint.writeKeys(self.secrets, self.store)
        let path = "\(self.blueprint.layout.service("gate"))/keys.json"
        let keys = try OpsJSON.decode([AcceptedKey].self, from: try FileSystem.read(path))
        #expect(Set(keys.map(\.principal)) == ["observer", "alertmanager", "agent", "operator", "referee"])
        #expect(keys.first { $0.principal == "alertmanager" }?.scopes == ["signal:write"])
        let agent = try #require(keys.first { $0.principal == "agent" })
        #expect(agent.scopes == ["agent"])
        #expect(agent.sha256 == self.secrets.keys["agent"]?.hash.hex)
        #expect(try !FileSystem.text(path).contains(try #require(self.secrets.keys["agent"]).secretText))
    }

    @Test("ActionPlane trusts the gate and the people, and asks for a person unless told otherwise")
    func trust() throws {
        let file = try #require(try self.blueprint.trustFiles(self.secrets, ceiling: .human).first)
        let trust = try OpsJSON.decode(TrustFile.self, from: file.text.utf8)
        #expect(trust.ring.entry(self.secrets.gate.id, role: .gate) != nil)
        #expect(trust.ring.keys.filter { $0.role == .approver }.map(\.name) == ["ann", "second"])
        #expect(trust.authority(for: "restart-api") == .human)
    }

    @Test("a start that says nothing about autonomy leaves the ceiling where it is")
    func ceiling() throws {
        func level(_ asked: TrustFile.Authority?) throws -> TrustFile.Authority {
            let file = try #require(try self.blueprint.trustFiles(self.secrets, ceiling: asked).first)
            try FileSystem.makeDirectory(FileSystem.parent(of: file.path))
            try FileSystem.writeAtomically(file.text, to: file.path)
            return try OpsJSON.decode(TrustFile.self, from: file.text.utf8).ceiling
        }
        #expect(try [nil, .policy, nil, .human, nil].map(level) == [.human, .policy, .policy, .human, .human])
    }

    @Test("rows of a snapshot come back only when a person says so, whatever the autonomy")
    func restoration() throws {
        let file = try #require(try self.blueprint.trustFiles(self.secrets, ceiling: .policy).first)
        let trust = try OpsJSON.decode(TrustFile.self, from: file.text.utf8)
        #expect(trust.authority(for: "restore-db") == .human && trust.authority(for: "restart-api") == .policy)
    }

    @Test("the bindings name every component of the shop's topology")
    func bindings() throws {
        let bindings = self.blueprint.bindings
        #expect(
            Set(bindings.components.keys) == ["web", "api", "worker", "report", "payments", "db", "cache", "scratch"]
        )
        #expect(bindings.components["api"]?.instances?.compactMap(\.program) == ["api-1", "api-2"])
        let programs = Set(self.blueprint.targetPrograms.map(\.name))
        let named = bindings.components.values.flatMap { $0.instances ?? [] }.compactMap(\.program)
        #expect(programs.isSuperset(of: named))
    }

    @Test("who starts it is told to the gate, and whose key is somebody's second one to both who check signatures")
    func starter() throws {
        let blueprint = LabBlueprint(
            layout: self.blueprint.layout,
            record: self.blueprint.record,
            accounts: .single(),
            host: self.blueprint.host,
            startedBy: "ann",
            makers: ["second": "ann"]
        )
        let gate = try #require(blueprint.serviceFiles.first { $0.path.hasSuffix("/gate/service.yaml") })
        #expect(gate.text.contains("started_by: ann") || gate.text.contains("started_by: \"ann\""))
        for file in try blueprint.trustFiles(self.secrets, ceiling: .human) {
            let ring = try OpsJSON.decode(TrustFile.self, from: file.text.utf8).ring
            #expect(ring.root(of: "second") == "ann" && ring.root(of: "ann") == "ann")
        }
    }

    @Test("started by root, each api calls from an address of its own, which a program with one right alone watches")
    func links() throws {
        var record = self.blueprint.record
        #expect(record.linked.isEmpty && record.source(of: "api-1") == nil)
        record.isolation = .users
        let blueprint = LabBlueprint(
            layout: self.blueprint.layout,
            record: record,
            accounts: .single(),
            host: self.blueprint.host
        )
        let link = try #require(blueprint.labPrograms.first { $0.name == "api-2-net" })
        #expect(link.capability == "net_admin" && link.account == .chaos)
        #expect(link.command.contains(record.linkTable(of: "api-2")) && link.command.contains("127.0.0.12"))
        let bound = try #require(blueprint.bindings.components["api"]?.instances)
        #expect(bound.compactMap { $0.link?.source } == ["127.0.0.11", "127.0.0.12"])
        for name in ["api-1", "api-2", "web"] {
            let file = try #require(
                try blueprint.targetFiles(self.secrets).first { $0.path.hasSuffix("/\(name).yaml") }
            )
            #expect(file.text.contains("source:") == (name != "web"))
        }
        record.runtime = .compose
        #expect(record.linked == ["api-1", "api-2"] && record.source(of: "api-1") == nil)
    }

    @Test("with a proxy in between, each program calls an address of its own, and what it calls has not moved")
    func proxied() throws {
        var record = self.blueprint.record
        record.isProxied = true
        #expect(record.linked == ["api-1", "api-2", "web"] && record.source(of: "api-1") == nil)
        let blueprint = LabBlueprint(
            layout: self.blueprint.layout,
            record: record,
            accounts: .single(),
            host: self.blueprint.host
        )
        let program = try #require(blueprint.labPrograms.first { $0.name == "proxy" })
        #expect(program.account == .chaos && !blueprint.labPrograms.contains { $0.name.hasSuffix("-net") })
        let ports = record.ports
        let list = try #require(
            try OpsJSON.decode(JSONValue.self, from: blueprint.proxies.utf8).arrayValue
        )
        #expect(list.count == 8)
        let database = try #require(list.first { $0["name"]?.stringValue == "api-2:db" })
        #expect(database["listen"]?.stringValue == "127.0.0.12:\(ports[.db])")
        #expect(database["upstream"]?.stringValue == "127.0.0.1:\(ports[.db])")
        let links = try #require(blueprint.bindings.components["api"]?.instances).compactMap(\.link)
        #expect(links.map(\.isProxy) == [true, true] && links.allSatisfy { $0.source == nil && !$0.isOfTarget })
        #expect(database["link"]?.stringValue == links.last?.socket)
        let files = try blueprint.targetFiles(self.secrets)
        let web = try #require(files.first { $0.path.hasSuffix("/web.yaml") })
        #expect(web.text.contains("http://127.0.0.13:\(ports[.api1])"))
        let api = try #require(files.first { $0.path.hasSuffix("/api-1.yaml") })
        #expect(api.text.contains("also_known_as: [\"127.0.0.13\"]"))
        #expect(api.text.contains("via: \"127.0.0.11\"") && !api.text.contains("source:"))
        #expect(
            blueprint.bindings.components["payments"]?.providers?["primary"]?.url
                == self.blueprint.bindings.components["payments"]?.providers?["primary"]?.url
        )
    }

    @Test("a topology with components that nothing is started for is refused")
    func foreignTopology() throws {
        let clone = try TemporaryDirectory()
        let path = clone.file("topology.yaml")
        let text = try FileSystem.text("compose/topology.yaml")
        let locator = InstanceLocator(repository: clone.path, environment: [:], isRoot: false)
        let lab = try Lab(.standard, locator: locator, http: HTTPClient())
        let options = LabOptions(programs: "/", topology: path, people: [])
        let preparation = LabPreparation(lab: lab, options: options) { _ in }
        try FileSystem.writeAtomically(text, to: path)
        try preparation.checkTopology(self.blueprint.bindings)
        try FileSystem.writeAtomically(text.replacing("scratch", with: "attic"), to: path)
        #expect { try preparation.checkTopology(self.blueprint.bindings) } throws: { error in
            (error as? RuntimeError)?.code == .unknownProgram && "\(error)".contains("attic")
        }
    }

    @Test("no program's name or argument tells what the lab is for beyond its path")
    func programNames() {
        let names = self.blueprint.targetPrograms.map(\.name)
        #expect(names == ["db", "payments-a", "payments-b", "api-1", "api-2", "worker", "report", "web", "load"])
        let text = self.blueprint.supervisorConfiguration(.target).text
        #expect(!text.lowercased().contains("chaos"))
        #expect(text.contains("--pdeathsig INT"))
    }
}
