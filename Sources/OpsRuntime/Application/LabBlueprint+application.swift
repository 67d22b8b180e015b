import OpsModel
import OpsSpec
import OpsSystem

extension LabBlueprint {
    /// Where the components of a person's own topology are in this lab.
    func bindings(of plan: ApplicationPlan) -> Bindings {
        let components = plan.topology.components.map { ($0.name, self.bound($0, plan)) }
        return Bindings(
            runtime: self.record.runtime.rawValue,
            isolation: self.record.isolation.rawValue,
            instance: self.record.instance,
            instanceID: self.record.instanceID,
            supervisor: self.targetControl.description,
            components: Dictionary(components) { first, _ in first },
            config: plan.configuration.keys.reduce(into: [:]) { files, name in
                files[name] = BoundConfig(
                    path: "\(self.layout.config)/\(name)",
                    history: "\(self.layout.config)/history"
                )
            },
            load: BoundLoad(url: self.addresses.url(.load), program: "load"),
            shared: BoundShared(claims: self.layout.claims, locks: self.layout.locks)
        )
    }

    private func bound(_ component: Component, _ plan: ApplicationPlan) -> BoundComponent {
        var bound = BoundComponent(kind: component.kind)
        switch component.kind {
        case .http, .worker, .batch:
            bound.instances = component.instanceNames.map { name in
                BoundInstance(
                    name: name,
                    program: name,
                    url: component.port.map { "http://\(name):\($0)" },
                    log: self.layout.log(name, of: .target),
                    link: self.link(of: name)
                )
            }
        case .postgres: return self.database
        case .directory: bound.path = component.path.map { "\(self.layout.target)/\($0)" }
        case .provider: bound.providers = self.providers(component, plan)
        case .external: break
        }
        return bound
    }

    private func providers(_ component: Component, _ plan: ApplicationPlan) -> [String: BoundProvider] {
        let settings = component.config.flatMap { plan.settings(of: $0) }
        let known = Set(plan.application.programs.map(\.name))
        return component.providers.reduce(into: [:]) { found, alternative in
            guard let url = settings?[alternative.url] else { return }
            let host = ApplicationPlan.host(of: url)
            found[alternative.name] = BoundProvider(url: url, program: host.flatMap { known.contains($0) ? $0 : nil })
        }
    }

    /// The application's own configuration with the lab's passwords in it, and what its customers are told.
    func files(of plan: ApplicationPlan, _ secrets: LabSecrets) throws(RuntimeError) -> [RenderedFile] {
        var files: [RenderedFile] = []
        for (name, path) in plan.configuration.sorted(by: { $0.key < $1.key }) {
            let text = try translating { try FileSystem.text(path, limit: 1 << 20) }
            let passwords = plan.topology.configSource(name)?.secrets.filter { $0.use == .postgresPassword } ?? []
            let values = passwords.compactMap { secret in
                secret.role.flatMap { secrets.target[$0] }.map { (secret.key, $0) }
            }
            files.append(
                RenderedFile(
                    path: "\(self.layout.config)/\(name)",
                    text: EnvironmentText.replacing(Dictionary(values) { first, _ in first }, in: text),
                    mode: 0o660,
                    owner: self.accounts[.target],
                    group: self.accounts[group: .target],
                    isInitial: true
                )
            )
        }
        return files + [self.customers(of: plan)]
    }

    /// Customers know the topology's journeys and the doors that they begin at.
    private func customers(of plan: ApplicationPlan) -> RenderedFile {
        let doors = plan.topology.entry.map { self.bound($0, plan).instances ?? [] }?.compactMap(\.url) ?? []
        var settings = SettingsText()
        settings.set("listen", self.addresses.listen(.load))
        settings.set("name", "load")
        settings.set("upstreams", doors)
        settings.set("topology", "\(self.layout.target)/topology.yaml")
        settings.set("keys", "\(self.layout.target)/keys.json")
        self.record(&settings, user: "target", org: "lab", writer: "load")
        return RenderedFile(path: "\(self.layout.target)/load.yaml", text: settings.text, mode: 0o644, owner: .current)
    }
}
