import OpsPostgres
import OpsRuntime
import OpsSpec

extension Target {
    /// Resolves a topology against where a lab put its parts; what is not bound here cannot be touched.
    init(_ topology: Topology, _ bindings: Bindings) {
        processes = topology.components.compactMap { Self.process($0, bindings) }
        database = topology.components(of: .postgres).lazy.compactMap { Self.database($0, topology, bindings) }.first
        queue = database.flatMap { Self.queue(of: topology, in: $0.component) }
        caches = topology.components(of: .directory).filter(\.isRebuildable).compactMap { component in
            bindings.components[component.name]?.path.map { CacheDirectory(component: component.name, path: $0) }
        }
        volumes = topology.components(of: .directory).filter { !$0.disposable.isEmpty }.compactMap { component in
            bindings.components[component.name]?.path.map {
                Volume(component: component.name, path: $0, disposable: component.disposable)
            }
        }
        configurations = topology.config.compactMap { Self.configuration($0, bindings) }
        providers = topology.components(of: .provider).compactMap { Self.provider($0, topology, bindings) }
        balancer = topology.components.lazy.compactMap { Self.balancer($0, topology, bindings) }.first
    }

    private static func process(_ component: Component, _ bindings: Bindings) -> ProcessComponent? {
        guard [ComponentKind.http, .worker, .batch].contains(component.kind) else { return nil }
        let instances = (bindings.components[component.name]?.instances ?? []).map {
            ProcessInstance(name: $0.name, program: $0.program ?? $0.name, url: $0.url)
        }
        return instances.isEmpty
            ? nil
            : ProcessComponent(
                name: component.name,
                instances: instances,
                configuration: component.config,
                hosts: component.hosts,
                isPausable: component.isPausable,
                kind: component.kind.rawValue
            )
    }

    /// One that runs once and answers somewhere; what several of them keep in their memory would differ.
    private static func balancer(_ component: Component, _ topology: Topology, _ bindings: Bindings) -> Balancer? {
        guard let drains = component.drains, let bound = bindings.components[component.name]?.instances,
            bound.count == 1, let instance = bound.first, let url = instance.url
        else { return nil }
        return Balancer(
            component: component.name,
            program: instance.program ?? instance.name,
            url: url,
            drains: drains,
            sheds: component.isShedding ? self.routes(of: topology.journeys) : []
        )
    }

    /// What customers ask for, without what differs from one to the next.
    private static func routes(of journeys: [Journey]) -> [String] {
        Set(journeys.map { "\($0.method) \($0.path.prefix { $0 != "?" })" }).sorted()
    }

    private static func database(_ component: Component, _ topology: Topology, _ bindings: Bindings) -> Database? {
        guard let bound = bindings.components[component.name], let place = bound.postgres else { return nil }
        let administration = PostgresConfiguration(
            host: place.socket ?? place.host,
            port: place.port,
            user: place.admin ?? "postgres",
            database: place.database,
            applicationName: "action",
            connectTimeout: .seconds(2),
            options: DatabaseSettingSQL.sessionOptions
        )
        return Database(
            component: component.name,
            program: bound.instances?.first?.program ?? component.name,
            administration: administration,
            host: place.host,
            port: place.port,
            settings: (topology.configSource(component.name)?.settable ?? []).map(\.key),
            flags: topology.state.flags.flatMap { $0.database == component.name ? $0.table : nil },
            snapshots: snapshots(of: component, topology),
            migrations: SchemaMigrations(declared: component.migrate, in: administration)
        )
    }

    private static func queue(of topology: Topology, in database: String) -> Queue? {
        guard let jobs = topology.state.jobs, jobs.database == database, let quarantine = topology.state.quarantine,
            let worker = topology.components(of: .worker).first(where: { $0.queue == jobs.table })
        else { return nil }
        return Queue(component: worker.name, tables: JobTables(queue: jobs.table, quarantine: quarantine))
    }

    private static func snapshots(of component: Component, _ topology: Topology) -> Snapshots? {
        let tables = topology.state.rows.filter { $0.database == component.name }.map(\.table)
        guard let declared = topology.state.snapshots, declared.database == component.name, !tables.isEmpty else {
            return nil
        }
        return Snapshots(tables: tables, every: declared.every, keep: declared.keep)
    }

    private static func configuration(_ source: ConfigSource, _ bindings: Bindings) -> ConfigurationFile? {
        guard let bound = bindings.config[source.name] else { return nil }
        let passwords = source.secrets.filter { $0.use == .postgresPassword }.compactMap { secret in
            secret.role.map { (secret.key, $0) }
        }
        return ConfigurationFile(
            name: source.name,
            path: bound.path,
            history: bound.history ?? "\(bound.path).history",
            kept: source.history > 0 ? source.history : nil,
            passwords: Dictionary(passwords) { first, _ in first },
            secrets: Set(source.secrets.map(\.key)),
            settable: source.settable
        )
    }

    private static func provider(_ component: Component, _ topology: Topology, _ bindings: Bindings) -> Provider? {
        guard let active = component.active, let configuration = component.config, component.providers.count > 1
        else { return nil }
        return Provider(
            component: component.name,
            alternatives: component.providers.map(\.name),
            activeKey: active,
            configuration: configuration,
            key: sharedKey(with: component, topology, bindings)
        )
    }

    /// A key whose list nobody can reach, or that no alternative can be asked about, cannot be replaced from here.
    private static func sharedKey(
        with component: Component,
        _ topology: Topology,
        _ bindings: Bindings
    ) -> SharedKey? {
        guard let bound = bindings.components[component.name], let list = bound.keys else { return nil }
        let accounts = component.providers.compactMap { provider -> (String, String)? in
            guard let path = provider.account, let url = bound.providers?[provider.name]?.url else { return nil }
            return (provider.name, url + path)
        }
        for source in topology.config where bindings.config[source.name] != nil && !accounts.isEmpty {
            let shared = source.secrets.first { $0.use == .sharedKey && $0.component == component.name }
            guard let shared else { continue }
            return SharedKey(
                setting: shared.key,
                configuration: source.name,
                list: list,
                accounts: Dictionary(accounts) { first, _ in first }
            )
        }
        return nil
    }
}
