internal import OpsSpec
internal import OpsSystem

extension TargetMap {
    /// The map of a declared system where it runs.
    init(topology: Topology, bindings: Bindings, loadURL: String? = nil) {
        system = topology.system
        let entry = topology.entry?.name ?? ""
        journeys = topology.journeys.map {
            MappedJourney(name: $0.name, request: $0.request, objective: $0.objective, entry: entry)
        }
        components = topology.components.map { Self.component($0, bindings.components[$0.name]) }
        probes = topology.probes.map(Self.probe)
        configs = topology.config.compactMap { Self.config($0, topology, bindings) }
        tables = topology.state.rows.map(\.table)
        database = Self.database(topology, bindings)
        queue = topology.state.jobs.flatMap { jobs in
            topology.components.first { $0.queue == jobs.table }.map {
                MappedQueue(component: $0.name, table: jobs.table)
            }
        }
        self.loadURL = loadURL ?? bindings.load?.url
        keepsLedger = topology.journeys.contains { $0.good.ledger != nil }
        supervisor = bindings.supervisor
        actionsPerIncident = topology.limits.actionsPerIncident
    }

    private static func component(_ declared: Component, _ bound: BoundComponent?) -> MappedComponent {
        var component = MappedComponent(name: declared.name, kind: declared.kind.rawValue)
        component.instances = (bound?.instances ?? []).map { instance in
            MappedInstance(
                name: instance.name,
                program: instance.program ?? instance.name,
                url: instance.url,
                log: instance.log
            )
        }
        component.needs = declared.needs
        component.usedBy = declared.usedBy
        component.providers = declared.providers.compactMap { provider in
            bound?.providers?[provider.name].map {
                MappedProvider(name: provider.name, url: $0.url, host: $0.host, probe: provider.probe)
            }
        }
        component.config = declared.config
        component.hosts = declared.hosts
        component.isPausable = declared.isPausable
        component.path = bound?.path
        component.quotaBytes = declared.quota.map { UInt64($0) }
        component.fdLimit = declared.descriptorLimit
        component.memoryLimit = declared.memoryLimit
        return component
    }

    private static func probe(_ probe: Probe) -> MappedProbe {
        var mapped = MappedProbe(target: probe.target, from: probe.from, timeout: 1)
        mapped.timeout = probe.timeout.inSeconds
        switch probe.question {
        case .sql(let sql): mapped.sql = sql
        case .http(let path): mapped.path = path
        }
        return mapped
    }

    /// A configuration that is a file; the settings of a database are not.
    private static func config(_ source: ConfigSource, _ topology: Topology, _ bindings: Bindings) -> MappedConfig? {
        guard let bound = bindings.config[source.name] else { return nil }
        return MappedConfig(
            name: source.name,
            path: bound.path,
            secrets: Set(source.secrets.map(\.key)),
            users: topology.components.filter { $0.config == source.name || $0.hosts == source.name }.map(\.name),
            isHosts: topology.components.contains { $0.hosts == source.name }
        )
    }

    private static func database(_ topology: Topology, _ bindings: Bindings) -> MappedDatabase? {
        guard let component = topology.components(of: .postgres).first,
            let bound = bindings.components[component.name]?.postgres
        else { return nil }
        return MappedDatabase(
            component: component.name,
            host: bound.host,
            port: bound.port,
            database: bound.database
        )
    }
}
