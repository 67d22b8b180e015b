import OpsModel
package import OpsSpec
import OpsSystem

/// A topology and a Compose file, put together: what runs, in which order, and where its files lie.
///
/// The topology says what the parts are, the Compose file how each runs; neither is changed. Nothing here runs anything.
package struct ApplicationPlan: Sendable {
    package let topology: Topology
    package let compose: ComposeDocument
    /// The path of the topology.
    package let topologyFile: String
    /// The person's own files of the configuration that the topology describes, by name.
    package private(set) var configuration: [String: String] = [:]
    /// What it is, with ports that are still to be chosen.
    package private(set) var application: Application

    /// The directory of the Compose file, to which its paths are relative.
    var directory: String { FileSystem.parent(of: self.compose.file) }

    package init(topology file: String, compose: String) throws(RuntimeError) {
        let topologyFile = FileSystem.realPath(file) ?? file
        do {
            self.topology = try Topology.load(topologyFile)
            self.compose = try ComposeDocument.load(FileSystem.realPath(compose) ?? compose)
            // It knows what a service cannot be called.
            _ = try ComposeFile.load(self.compose.file)
        } catch {
            throw RuntimeError(.badApplication, "\(error)")
        }
        self.topologyFile = topologyFile
        let empty = Application.Database(
            component: "",
            name: "",
            port: 5_432,
            owner: "",
            roles: [],
            jobs: [],
            scripts: []
        )
        self.application = Application(
            system: self.topology.system,
            topology: topologyFile,
            compose: self.compose.file,
            programs: [],
            database: empty
        )
        var problems: [String] = []
        self.findConfiguration(&problems)
        self.findPrograms(&problems)
        self.findDatabase(&problems)
        self.checkNames(&problems)
        self.checkDirectories(&problems)
        self.checkJourneys(&problems)
        for program in self.application.programs { self.check(program, &problems) }
        self.application.linked = self.linked
        guard problems.isEmpty else {
            throw RuntimeError(
                .badApplication,
                "\(self.compose.file) and \(topologyFile) do not make an application:\n    "
                    + problems.joined(separator: "\n    "),
                hint: "docs/applications.md says what a lab asks of both files"
            )
        }
    }

    /// Those whose ways out can be closed: they are called by others and need a provider.
    private var linked: [String] {
        let providers = Set(self.topology.components(of: .provider).map(\.name))
        return self.topology.components(of: .http).filter { !providers.isDisjoint(with: $0.needs) }
            .flatMap(\.instanceNames)
    }

    /// The same with the ports that its programs are published at.
    package func publishing(_ ports: [UInt16]) -> ApplicationPlan {
        var plan = self
        var left = ports[...]
        for index in plan.application.programs.indices where plan.application.programs[index].port != nil {
            plan.application.programs[index].published = left.popFirst()
        }
        return plan
    }

    /// How many ports of this machine its programs need.
    package var publishedCount: Int { self.application.programs.count { $0.port != nil } }

    /// The services that no component needs, and that are therefore not brought in.
    package var leftOut: [String] {
        let used = Set(self.application.programs.map(\.service) + [self.application.database.component])
        return self.compose.services.keys.filter { !used.contains($0) }.sorted()
    }

    /// The mounts of a service; those that cannot be understood are told by `check`.
    func mounts(of service: String) -> [ApplicationMount] {
        (self.compose.services[service]?["volumes"]?.arrayValue ?? []).compactMap(ApplicationMount.init)
    }

    /// The settings of a configuration file as the person wrote them.
    func settings(of name: String) -> EnvironmentFile? {
        self.configuration[name].flatMap { try? EnvironmentFile(path: $0) }  // told when the file is found
    }

    /// The host in the address that a setting holds.
    static func host(of url: String) -> String? {
        guard url.hasPrefix("http://") else { return nil }
        let authority = url.dropFirst(7).prefix { $0 != "/" && $0 != "?" }
        return authority.split(separator: ":").first.map(String.init)
    }

    private mutating func findConfiguration(_ problems: inout [String]) {
        let all = self.compose.services.keys.sorted().flatMap { self.mounts(of: $0) }
        for source in self.topology.config where self.topology.component(source.name) == nil {
            let paths = all.compactMap { $0.path(in: self.directory) }
            guard let path = paths.first(where: { $0.hasSuffix("/\(source.name)") }) else {
                problems.append(
                    "config \(source.name): no service mounts a file of this name, and what is in `env_file` is read "
                        + "when a container is made, so that no repair could change it"
                )
                continue
            }
            self.configuration[source.name] = path
            do throws(SystemError) { _ = try EnvironmentFile(path: path) } catch {
                problems.append("config \(source.name): \(error.message)")
            }
        }
    }

    private mutating func findPrograms(_ problems: inout [String]) {
        var tier = 0
        for component in self.topology.components(of: .provider) {
            for alternative in component.providers {
                guard let program = self.program(of: alternative, component) else { continue }
                if !self.application.programs.contains(program) { self.application.programs.append(program) }
            }
        }
        var waiting = self.topology.components.filter { [.http, .worker, .batch].contains($0.kind) }
        while !waiting.isEmpty {
            tier += 1
            let names = Set(waiting.map(\.name))
            let ready = waiting.filter { names.isDisjoint(with: $0.needs) }
            let next = ready.isEmpty ? waiting : ready
            for component in next { self.add(component, tier, &problems) }
            waiting.removeAll { component in next.contains { $0.name == component.name } }
        }
    }

    private mutating func add(_ component: Component, _ tier: Int, _ problems: inout [String]) {
        for name in component.instanceNames {
            let service = [name, component.name].first { self.compose.services[$0] != nil }
            guard let service else {
                problems.append("component \(component.name): there is no service '\(name)' or '\(component.name)'")
                continue
            }
            self.application.programs.append(
                Application.Program(name: name, service: service, tier: tier, port: component.port)
            )
        }
        if component.kind == .http, component.port == nil {
            problems.append("component \(component.name): an http component needs its `port`")
        }
    }

    /// Somebody else's system, where the Compose file plays it; an address outside has no program.
    private func program(of alternative: Component.Provider, _ component: Component) -> Application.Program? {
        guard let file = component.config, let url = self.settings(of: file)?[alternative.url],
            let host = Self.host(of: url), self.compose.services[host] != nil
        else { return nil }
        return Application.Program(name: host, service: host, tier: 0)
    }

    private mutating func findDatabase(_ problems: inout [String]) {
        let databases = self.topology.components(of: .postgres)
        guard databases.count == 1, let component = databases.first else {
            return problems.append("a lab has one database: the topology needs one component of kind postgres")
        }
        let secrets = self.topology.config.flatMap(\.secrets)
            .filter { $0.use == .postgresPassword && $0.component == component.name }
        let roles = secrets.compactMap(\.role).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        guard let owner = roles.first else {
            return problems.append(
                "component \(component.name): `config` declares no password of a role in it, so that nobody could log in"
            )
        }
        self.application.database = Application.Database(
            component: component.name,
            name: component.database ?? component.name,
            port: component.port ?? 5_432,
            owner: owner,
            roles: roles,
            jobs: self.topology.components(of: .batch).map(\.name),
            scripts: self.scripts(of: component.name, &problems)
        )
    }

    /// What PostgreSQL's image runs in a new database: the files that are mounted where it looks.
    private func scripts(of service: String, _ problems: inout [String]) -> [String] {
        let place = "/docker-entrypoint-initdb.d"
        let files = self.mounts(of: service).filter { $0.target.hasPrefix(place) }.flatMap { mount -> [String] in
            guard let path = mount.path(in: self.directory) else { return [] }
            // A directory that cannot be listed has no file that could be run.
            return FileSystem.isDirectory(path) ? ((try? FileSystem.list(path)) ?? []).map { "\(path)/\($0)" } : [path]
        }.sorted()
        for file in files where !file.hasSuffix(".sql") {
            problems.append("\(file): only plain SQL fills a lab's database, in files that end in .sql")
        }
        return files
    }

    private func checkNames(_ problems: inout [String]) {
        let reserved =
            InstanceLayout.Half.lab.programs + self.linked.map(InstanceRecord.link) + ["load", "operator", "postgres"]
        for name in self.application.programs.map(\.name) + [self.application.database.component]
        where reserved.contains(name) {
            problems.append("'\(name)' is the name of a part of the lab: call the component otherwise")
        }
    }

    private func checkDirectories(_ problems: inout [String]) {
        for component in self.topology.components(of: .directory) {
            let path = component.path ?? ""
            guard path.hasPrefix("var/"), path.utf8.count > 4 else {
                problems.append("directory \(component.name): in a lab its path begins with var/")
                continue
            }
            let isMounted = self.application.programs.contains { program in
                self.mounts(of: program.service).contains { mount in
                    mount.path(in: self.directory).map { self.lies($0) == .whole } ?? false
                }
            }
            if !isMounted { problems.append("directory \(component.name): no service mounts ./var, which holds it") }
        }
    }
}
