import OpsSpec
import OpsSystem

extension Lab {
    /// Sees to it that the engine of this lab can be asked; nothing is done where programs are processes.
    ///
    /// - Throws: what `EngineReach` throws: a lab about which nothing can be known is not one that is down.
    public func requireEngine() async throws(RuntimeError) {
        guard self.runtime == .compose, let socket = self.record?.engine else { return }
        _ = try await EngineReach(socket: socket, http: self.http).version()
    }

    /// The programs whose containers somebody removed while others of the lab are still there.
    public func removedPrograms() async throws(RuntimeError) -> [String] {
        guard self.runtime == .compose, let record else { return [] }
        var (there, all) = (Set<String>(), [String]())
        for half in InstanceLayout.Half.allCases {
            there.formUnion(try await self.control(of: half).programs().map(\.name))
            all += record.programs(of: half)
        }
        return there.isEmpty ? [] : all.filter { !there.contains($0) }
    }

    /// A lab that runs in another way than the one that was typed is not the lab that is meant.
    ///
    /// - Throws: `busy`, with the way it runs.
    public func require(_ runtime: LabRuntime?) throws(RuntimeError) {
        guard let runtime, let record, record.runtime != runtime else { return }
        throw RuntimeError(
            .busy,
            "lab '\(self.name)' runs as \(record.runtime.rawValue), and \(runtime.rawValue) was asked for",
            hint: "take another lab with --instance, or remove this one with `opslab down --purge`"
        )
    }

    /// Makes the containers of the lab, and starts those that the others need to be reached or to reach the engine.
    func makeContainers(_ blueprint: LabBlueprint, _ progress: Progress) async throws(RuntimeError) {
        let begin = BootClock.now()
        try ContainerFiles(layout: self.layout, accounts: blueprint.accounts, record: blueprint.record).make()
        let environment = ComposeEnvironment(
            layout: self.layout,
            record: blueprint.record,
            accounts: blueprint.accounts
        )
        if let plan = blueprint.plan { try await self.writeApplication(plan) }
        try environment.file.write()
        try self.writeProxies(blueprint)
        try await ComposeProject(lab: self, record: blueprint.record).create()
        progress("containers made in \((BootClock.now() - begin) / 1_000_000) ms")
        try await self.beginContainers(["engine", "relay"])
    }

    /// Has Compose start containers; nothing is done where programs are processes.
    func beginContainers(_ programs: [String]) async throws(RuntimeError) {
        guard self.runtime == .compose, let record else { return }
        try await ComposeProject(lab: self, record: record).start(programs)
    }

    /// A lab whose containers are still there is not down, and its files are not to be removed under them.
    func requireNoContainers() async throws(RuntimeError) {
        for half in InstanceLayout.Half.allCases {
            let left = try await self.control(of: half).programs().map(\.name)
            guard left.isEmpty else {
                throw RuntimeError(
                    .componentFailed,
                    "containers of lab '\(self.name)' are still there: \(left.joined(separator: ", "))",
                    hint: "`opslab down` again; `docker ps --all` shows them"
                )
            }
        }
    }

    /// The application's own Compose file, as it runs in this lab.
    private func writeApplication(_ plan: ApplicationPlan) async throws(RuntimeError) {
        let entries = try await self.entries(of: plan)
        let lab: ComposeDocument
        do { lab = try ComposeDocument.load("\(self.locator.repository)/compose/compose.yaml") } catch {
            throw RuntimeError(.badApplication, "\(error)")
        }
        let text = try ApplicationComposeFile(plan: plan, lab: lab, entries: entries).text()
        try translating { try FileSystem.writeAtomically(text, to: self.layout.composeFile, mode: 0o644) }
    }

    /// What the images start by themselves, where a service does not say it.
    private func entries(of plan: ApplicationPlan) async throws(RuntimeError) -> [String: ApplicationPlan.Entry] {
        guard let engine = self.engine(of: .target) else { return [:] }
        var entries: [String: ApplicationPlan.Entry] = [:]
        for image in plan.images { entries[image] = try await engine.entry(of: image) }
        return entries
    }

    private func writeProxies(_ blueprint: LabBlueprint) throws(RuntimeError) {
        let prefix = ComposeProject.prefix(blueprint.record.instance)
        let bound = Array(blueprint.bindings.components.values)
        let components = bound.flatMap { $0.instances ?? [] }.compactMap(\.program).sorted()
        let providers = bound.flatMap { Array(($0.providers ?? [:]).values) }.compactMap(\.program).sorted()
        let proxy = try EngineProxyConfiguration(
            engineSocket: "/var/run/docker.sock",
            directory: "\(self.layout.sockets)/e",
            targets: components.map { prefix + $0 },
            providers: providers.map { prefix + $0 },
            observed: components.map { prefix + $0 },
            links: blueprint.record.linked.map { prefix + InstanceRecord.link(of: $0) }
        )
        let directory = "\(self.layout.lab)/proxies"
        let relay = RelayConfiguration(records: blueprint.record.ports[.agentops])
        try translating {
            try FileSystem.makeDirectory(directory, mode: 0o755)
            try FileSystem.writeAtomically(proxy.text, to: "\(directory)/engine.cfg", mode: 0o644)
            try FileSystem.writeAtomically(relay.text, to: "\(directory)/relay.cfg", mode: 0o644)
        }
    }
}
