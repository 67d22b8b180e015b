import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSpec
import OpsSystem

/// Works out from topology and bindings how a component named in a request can be reached.
struct TargetResolver: Sendable {
    let topology: Topology
    let bindings: Bindings
    /// Password files by database role.
    let passwords: [String: String]
    let caps: IntensityCaps

    var limits: Admission.Limits {
        Admission.Limits(
            scope: Set(self.topology.chaos.scope),
            atMost: self.topology.chaos.atMost,
            longestS: self.topology.chaos.longest.inSeconds,
            caps: self.caps
        )
    }

    /// The promised share of good requests by journey.
    var objectives: [String: Double] {
        Dictionary(self.topology.journeys.map { ($0.name, $0.objective) }) { first, _ in first }
    }

    /// How long customers are ready to wait, in seconds by journey.
    var promises: [String: Double] {
        Dictionary(self.topology.journeys.map { ($0.name, $0.good.within.inSeconds) }) { first, _ in first }
    }

    /// Where the load tells how the journeys go; nil where there is none.
    var load: ServiceClient? { self.bindings.load.map { ServiceClient(base: $0.url) } }

    func shared() throws(ChaosError) -> SharedPaths {
        guard let shared = self.bindings.shared else {
            throw ChaosError(
                .undoImpossible,
                "the bindings name no shared directories",
                hint: "bindings.json: shared.claims, shared.locks"
            )
        }
        return SharedPaths(claims: shared.claims, locks: shared.locks)
    }

    func access(to name: String, for description: FaultDescription) throws(ChaosError) -> TargetAccess {
        guard let component = self.topology.component(name), let bound = self.bindings.components[name] else {
            throw ChaosError(
                .badTarget,
                "there is no component \(name)",
                hint: "the topology has \(self.topology.components.map(\.name).joined(separator: ", "))"
            )
        }
        guard description.targets.contains(component.kind.rawValue) else {
            throw ChaosError(
                .badTarget,
                "\(name) is of kind \(component.kind.rawValue)",
                hint: "\(description.kind.rawValue) breaks \(description.targets.joined(separator: ", "))"
            )
        }
        return self.access(component, bound)
    }

    /// A unit that is not there must not be taken for one that is broken.
    func check(_ instance: String?, of access: TargetAccess) throws(ChaosError) {
        guard let instance, access.programs[instance] == nil else { return }
        let names = access.programs.keys.sorted().joined(separator: ", ")
        throw ChaosError(
            .badTarget,
            "\(access.component) has no instance \(instance)",
            hint: names.isEmpty ? "leave it out: there is only one" : "choose from \(names)"
        )
    }

    private func access(_ component: Component, _ bound: BoundComponent) -> TargetAccess {
        var access = TargetAccess(component: component.name, kind: component.kind.rawValue)
        access.system = self.topology.system
        access.postgres = bound.postgres.map { self.postgres($0) }
        access.directory = component.isRebuildable ? bound.path : nil
        access.volume = self.volume(component, bound)
        access.supervisor = self.bindings.supervisor
        access.programs = self.programs(bound)
        access.links = self.links(bound)
        access.isProxied = (bound.instances ?? []).contains { $0.link?.isProxy == true }
        access.strains = component.kind == .directory ? self.strains(ofUsersOf: component) : self.strains(bound)
        access.hasMemoryLimit = component.memoryLimit != nil
        access.hasDescriptorLimit = component.descriptorLimit != nil
        let isBesideOthers = (bound.instances ?? []).contains { $0.link?.source != nil }
        for other in component.needs {
            let ways = self.ways(to: other, besideOthers: isBesideOthers)
            if !ways.isEmpty { access.ways[other] = ways }
            access.names[other] = self.names(of: other, lookedUpBy: component)
        }
        access.tables = self.topology.state.rows.filter { $0.database == component.name }.map(\.table)
        for job in self.topology.components where job.kind == .batch && job.needs.contains(component.name) {
            access.jobs[job.name] = (self.bindings.components[job.name]?.instances ?? []).compactMap(\.program)
        }
        access.queue = self.queue(of: component)
        access.settings = (self.topology.configSource(component.name)?.settable ?? []).map(\.key)
        access.configuration = self.configuration(component)
        access.keys = self.keys(of: component, bound)
        access.roles = self.topology.config.flatMap(\.secrets)
            .filter { $0.use == .postgresPassword && $0.component == component.name }
            .compactMap(\.role)
        access.flags = self.flags(of: component)
        return access
    }

    /// Whoever needs the database of the flags goes by them, and a directory has what its users put there by them.
    private func flags(of component: Component) -> FlagTable? {
        let users = component.kind == .directory ? self.topology.callers(of: component.name) : [component]
        guard let flags = self.topology.state.flags, users.contains(where: { $0.needs.contains(flags.database) }),
            let database = self.bindings.components[flags.database]?.postgres
        else { return nil }
        return FlagTable(database: flags.database, table: flags.table, access: self.postgres(database))
    }

    private func postgres(_ bound: BoundPostgres) -> PostgresAccess {
        PostgresAccess(
            socketDirectory: bound.socket ?? bound.host,
            host: bound.host,
            port: bound.port,
            database: bound.database,
            admin: bound.admin ?? "postgres",
            passwords: self.passwords
        )
    }

    /// Files of the directory itself are what a program leaves there that ends at work.
    private func volume(_ component: Component, _ bound: BoundComponent) -> VolumeAccess? {
        let suffixes = component.disposable.filter {
            $0.hasPrefix("*.") && !$0.dropFirst().contains { "*?[/".contains($0) }
        }
        guard let path = bound.path, let quota = component.quota, let pattern = suffixes.first else { return nil }
        return VolumeAccess(path: path, quota: quota, suffix: String(pattern.dropFirst()))
    }

    private func queue(of component: Component) -> QueueAccess? {
        guard let jobs = self.topology.state.jobs, component.queue == jobs.table,
            let quarantine = self.topology.state.quarantine,
            let place = self.bindings.components[jobs.database]?.postgres
        else { return nil }
        return QueueAccess(
            component: jobs.database,
            database: self.postgres(place),
            tables: JobTables(queue: jobs.table, quarantine: quarantine)
        )
    }

    /// Nothing where the component finds the other one by its address, or where there is nothing to choose from.
    private func names(of name: String, lookedUpBy component: Component) -> NameAccess? {
        guard let file = component.hosts, let hosts = self.bindings.config[file],
            let other = self.topology.component(name), let active = other.active,
            let configuration = other.config.flatMap({ self.bindings.config[$0] })
        else { return nil }
        let names = (self.bindings.components[name]?.providers ?? [:]).compactMapValues(\.host)
        guard !names.isEmpty else { return nil }
        return NameAccess(
            file: file,
            path: hosts.path,
            history: hosts.history ?? "\(hosts.path).history",
            configuration: configuration.path,
            active: active,
            names: names
        )
    }

    private func configuration(_ component: Component) -> ConfigurationAccess? {
        guard let name = component.config, let bound = self.bindings.config[name] else { return nil }
        return ConfigurationAccess(
            name: name,
            path: bound.path,
            history: bound.history ?? "\(bound.path).history",
            settings: (self.topology.configSource(name)?.settable ?? []).map { ConfigurationAccess.Setting($0) }
        )
    }

    /// The first secret that is shared with the provider is the one it knows its callers by.
    private func keys(of component: Component, _ bound: BoundComponent) -> KeyAccess? {
        guard let list = bound.keys else { return nil }
        for source in self.topology.config {
            guard let file = self.bindings.config[source.name] else { continue }
            let shared = source.secrets.first { $0.use == .sharedKey && $0.component == component.name }
            if let shared { return KeyAccess(list: list, configuration: file.path, setting: shared.key) }
        }
        return nil
    }

    private func strains(_ bound: BoundComponent) -> [String: String] {
        var sockets: [String: String] = [:]
        for instance in bound.instances ?? [] {
            if let program = instance.program { sockets[program] = instance.strains }
        }
        for provider in (bound.providers ?? [:]).values {
            if let program = provider.program { sockets[program] = provider.strains }
        }
        return sockets
    }

    /// What becomes of a directory's users can be eased at them.
    private func strains(ofUsersOf directory: Component) -> [String: String] {
        self.topology.callers(of: directory.name).compactMap { self.bindings.components[$0.name] }
            .reduce(into: [:]) { sockets, bound in sockets.merge(self.strains(bound)) { first, _ in first } }
    }

    private func links(_ bound: BoundComponent) -> [String: LinkPlace] {
        guard let supervisor = self.bindings.supervisor else { return [:] }
        return (bound.instances ?? []).reduce(into: [:]) { places, instance in
            guard let link = instance.link, let program = instance.program else { return }
            places[instance.name] = LinkPlace(
                supervisor: supervisor,
                instance: program,
                program: link.isOfTarget ? link.program : nil,
                socket: link.socket
            )
        }
    }

    /// Sessions in a database are not made from an instance's own address: where it shares the network with others, what it
    /// sends there cannot be told from what they send.
    private func ways(to name: String, besideOthers: Bool) -> [Way] {
        guard let bound = self.bindings.components[name] else { return [] }
        let urls = (bound.instances ?? []).compactMap(\.url) + (bound.providers ?? [:]).values.map(\.url)
        let database = besideOthers ? nil : bound.postgres.map { Way(host: $0.host, port: $0.port) }
        return (urls.compactMap { Way(url: $0) } + [database].compactMap(\.self)).sorted { "\($0)" < "\($1)" }
    }

    private func programs(_ bound: BoundComponent) -> [String: String] {
        var programs: [String: String] = [:]
        for instance in bound.instances ?? [] { programs[instance.name] = instance.program }
        for (name, provider) in bound.providers ?? [:] { programs[name] = provider.program }
        return programs
    }
}
