import Glibc
import OpsModel
import OpsSpec
import OpsSystem

/// Turns a name into a lab on disk: record, directories, secrets, settings, clusters.
///
/// Nothing runs afterwards.
struct LabPreparation {
    /// What a start needs room for: two clusters with their write-ahead logs, and logs.
    private var leastSpace: UInt64 { self.lab.record == nil ? 600 << 20 : 100 << 20 }
    static let executables = ["TargetServer", "ActionPlane", "ChaosServer", "Observer", "ControlPlane"]

    let lab: Lab
    let options: LabOptions
    let progress: Lab.Progress

    /// Checks everything that can be checked before anything is changed.
    func check() throws(RuntimeError) -> (Accounts, HostPrograms) {
        let host = try HostPrograms.find()
        let accounts = try Accounts.resolve()
        for name in Self.executables where !FileSystem.isExecutable("\(self.options.programs)/\(name)") {
            throw RuntimeError(.missingProgram, "\(self.options.programs)/\(name) is missing", hint: "run `make build`")
        }
        try self.checkIsolation(accounts)
        try self.checkSpace()
        return (accounts, host)
    }

    /// The same about the engine that is to make containers; nothing where programs are processes.
    ///
    /// A lab that is up is asked about where it is, whatever the shell says today.
    func checkEngine(isUp: Bool) async throws(RuntimeError) {
        guard self.runtime == .compose else { return }
        let socket = if isUp, let known = self.lab.record?.engine { known } else { try EngineSocket.path() }
        let engine = EngineReach(socket: socket, http: self.lab.http)
        _ = try await engine.version()
        _ = try await ComposeCommand.find()
        try await ComposeImage.requireAll(by: engine)
    }

    /// The record of this lab, with ports that were free a moment ago.
    func record(_ accounts: Accounts) throws(RuntimeError) -> InstanceRecord {
        var record =
            self.lab.record
            ?? InstanceRecord(
                instance: self.lab.name,
                runtime: self.runtime,
                isolation: self.isolation(accounts),
                ports: .standard,
                sockets: self.lab.layout.sockets,
                isProxied: self.options.isProxied
            )
        record.sockets = self.lab.layout.sockets
        // The engine of today: containers of an earlier start are made anew in any case.
        if self.runtime == .compose { record.engine = try EngineSocket.path() }
        let isNew = self.lab.record == nil
        if self.lab.name != .standard, isNew || !record.ports.taken().isEmpty { record.ports = try PortPlan.free() }
        let taken = record.ports.taken()
        guard taken.isEmpty else {
            let list = taken.map { "\(record.ports[$0]) (\($0.rawValue))" }.joined(separator: ", ")
            throw RuntimeError(
                .portTaken,
                "somebody else listens on port \(list)",
                hint: "stop them, or start a lab beside them on free ports: `opslab up --instance NAME`"
            )
        }
        return record
    }

    /// Writes everything; run again, it repairs what is missing and keeps what exists.
    func write(_ blueprint: LabBlueprint) async throws(RuntimeError) -> LabClusters {
        let layout = blueprint.layout
        let directories = blueprint.plan?.topology.components(of: .directory).compactMap(\.path) ?? []
        try LabDirectories(layout: layout, accounts: blueprint.accounts, directories: directories).make()
        try self.linkEntry(layout)
        try self.copyDocuments(layout, blueprint.plan)
        await self.mountScratch(blueprint)
        try self.linkPrograms(layout)
        try blueprint.record.write(layout.record)
        let store = SecretStore(layout: layout, accounts: blueprint.accounts)
        let secrets = try LabSecrets(store, people: self.options.people, roles: blueprint.roles)
        try blueprint.writeKeys(secrets, store)
        let files =
            try blueprint.targetFiles(secrets) + blueprint.serviceFiles + blueprint.passwordCopies(secrets)
            + blueprint.trustFiles(secrets, ceiling: self.options.ceiling)
        for file in files { try file.write() }
        try MonitoringFiles(layout: layout, addresses: blueprint.addresses).write(from: self.lab.locator.repository)
        if blueprint.plan == nil { try self.movePorts(blueprint) }
        let bindings = blueprint.bindings
        try translating {
            try FileSystem.writeAtomically(try OpsJSON.encode(bindings, pretty: true), to: layout.bindings, mode: 0o644)
        }
        let clusters = LabClusters(blueprint, secrets)
        try await clusters.prepare(self.progress)
        return clusters
    }

    /// Where it cannot be mounted the directory is a plain one, which nobody fills.
    private func mountScratch(_ blueprint: LabBlueprint) async {
        guard self.runtime == .local, blueprint.plan == nil,
            let topology = try? Topology.load(blueprint.layout.topology)
        else { return }
        let volumes = topology.components(of: .directory)
        guard
            let quota = volumes.first(where: {
                "\(blueprint.layout.target)/\($0.path ?? "")" == blueprint.layout.scratch
            })?.quota
        else { return }
        let accounts = blueprint.accounts
        let reason = await ScratchVolume(path: blueprint.layout.scratch).mount(
            bytes: quota,
            owner: accounts[.target].uid,
            group: accounts[group: .target]
        )
        if let reason, geteuid() == 0 { self.progress("the working directory has no volume of its own: \(reason)") }
    }

    /// A component that nothing is started for would be watched, broken and repaired nowhere.
    func checkTopology(_ bindings: Bindings) throws(RuntimeError) {
        guard self.options.target == nil, self.lab.record?.application == nil, let path = self.options.topology else {
            return
        }
        let names: Set<String>
        do { names = Set(try Topology.load(path).components.map(\.name)) } catch {
            let hint = "`opslab topology lint \(path)` shows all problems"
            throw RuntimeError(.stateDamaged, "\(path): \(error)", hint: hint)
        }
        let unknown = names.subtracting(bindings.components.keys).sorted()
        guard unknown.isEmpty else {
            throw RuntimeError(
                .unknownProgram,
                "\(path) names components that `up` starts nothing for: \(unknown.joined(separator: ", "))",
                hint: "`up` starts the shop; `--target compose.yaml` brings in an application of your own"
            )
        }
    }

    /// The application of this lab, if it is a person's own.
    ///
    /// A lab that was made for one keeps it, and its files may have changed since.
    func plan() throws(RuntimeError) -> ApplicationPlan? {
        let known = self.lab.record?.application
        guard let compose = self.options.target ?? known?.compose else { return nil }
        guard self.lab.record == nil || known != nil else {
            throw RuntimeError(
                .busy,
                "lab '\(self.lab.name)' has the shop, and this start would bring in \(compose)",
                hint: "take another name with --instance, or remove it with `opslab down --purge`"
            )
        }
        guard self.runtime == .compose else {
            throw RuntimeError(
                .badApplication,
                "an application of your own runs in containers only",
                hint: "add --runtime compose"
            )
        }
        let beside = "\(FileSystem.parent(of: compose))/topology.yaml"
        let plan = try ApplicationPlan(topology: self.options.topology ?? known?.topology ?? beside, compose: compose)
        if let known, known.compose != plan.application.compose || known.system != plan.application.system {
            throw RuntimeError(
                .busy,
                "lab '\(self.lab.name)' has \(known.system), and this start would bring in \(plan.application.system)",
                hint: "take another name with --instance, or remove it with `opslab down --purge`"
            )
        }
        if !plan.leftOut.isEmpty {
            self.progress("left out, because no component is called so: \(plan.leftOut.joined(separator: ", "))")
        }
        return plan
    }

    /// The same at ports of this machine: those it had, unless somebody else has them now.
    func publishing(_ plan: ApplicationPlan?, isUp: Bool) throws(RuntimeError) -> ApplicationPlan? {
        guard let plan else { return nil }
        let known = self.lab.record?.application?.programs.compactMap(\.published) ?? []
        if known.count == plan.publishedCount, isUp || known.allSatisfy(PortPlan.isFree) {
            return plan.publishing(known)
        }
        return plan.publishing(try PortPlan.free(plan.publishedCount))
    }

    /// How its programs are to run.
    var runtime: LabRuntime { self.options.runtime ?? self.lab.runtime }

    private func isolation(_ accounts: Accounts) -> Isolation {
        self.runtime == .compose ? .containers : accounts.isolation
    }

    private func checkIsolation(_ accounts: Accounts) throws(RuntimeError) {
        guard !self.options.isProxied || self.runtime == .local, self.options.target == nil || !self.options.isProxied
        else {
            throw RuntimeError(
                .badApplication,
                "a proxy stands only between the shop's own processes",
                hint: "containers have a network each, where ways are closed without one"
            )
        }
        guard let record = self.lab.record else { return }
        try self.lab.require(self.runtime)
        guard record.isProxied || !self.options.isProxied else {
            throw RuntimeError(
                .busy,
                "lab '\(self.lab.name)' was made without a proxy",
                hint: "take another name with --instance, or remove it with `opslab down --purge`"
            )
        }
        let isolation = self.isolation(accounts)
        guard record.isolation != isolation else { return }
        throw RuntimeError(
            .noPermission,
            "lab '\(self.lab.name)' was made at isolation \(record.isolation.rawValue), and this start would be \(isolation.rawValue)",
            hint: "start it as the same kind of user, or remove it with `opslab down --purge`"
        )
    }

    private func checkSpace() throws(RuntimeError) {
        var directory = self.lab.layout.home
        while !FileSystem.exists(directory), directory != "/" { directory = FileSystem.parent(of: directory) }
        let space = try translating { try FileSystem.freeSpace(directory) }
        guard space >= self.leastSpace else {
            throw RuntimeError(
                .diskFull,
                "\(directory) has room for \(space >> 20) MB, a lab needs \(self.leastSpace >> 20) MB",
                hint: "free some space, or set OPSLAB_LABS to a directory on another disk"
            )
        }
    }

    /// People look for a lab in `.opslab`, wherever it had to be put.
    private func linkEntry(_ layout: InstanceLayout) throws(RuntimeError) {
        let entry = self.lab.locator.entry(of: self.lab.name)
        guard entry != layout.home else { return }
        try translating { try FileSystem.makeLink(entry, to: layout.home) }
    }

    private func copyDocuments(_ layout: InstanceLayout, _ plan: ApplicationPlan?) throws(RuntimeError) {
        let repository = self.lab.locator.repository
        try translating {
            let described = plan?.topologyFile ?? self.options.topology ?? "\(repository)/compose/topology.yaml"
            let topology = try FileSystem.text(described)
            try FileSystem.writeAtomically(topology, to: layout.topology, mode: 0o644)
            // Its customers play what the topology says, and see nothing of the lab's own directory.
            if plan != nil {
                try FileSystem.writeAtomically(topology, to: "\(layout.target)/topology.yaml", mode: 0o644)
            }
            try FileSystem.makeDirectory(layout.runbooks, mode: 0o755)
            for old in try FileSystem.list(layout.runbooks) { try FileSystem.remove("\(layout.runbooks)/\(old)") }
            let source = "\(repository)/runbooks"
            // An application may have no runbooks.
            for name in (try? FileSystem.list(source)) ?? [] where name.hasSuffix(".md") {
                try FileSystem.writeAtomically(
                    try FileSystem.text("\(source)/\(name)"),
                    to: "\(layout.runbooks)/\(name)",
                    mode: 0o644
                )
            }
        }
    }

    /// A name of its own for each lab: it shows whose process a process is, and a rebuild does not change a running lab.
    private func linkPrograms(_ layout: InstanceLayout) throws(RuntimeError) {
        try translating {
            for name in Self.executables {
                try FileSystem.linkOrCopy("\(self.options.programs)/\(name)", to: layout.program(name), mode: 0o755)
            }
        }
    }

    /// Settings that actions own keep their content, but a lab that moved to other ports needs those.
    private func movePorts(_ blueprint: LabBlueprint) throws(RuntimeError) {
        let values = [
            "DB_PORT": "\(blueprint.ports[.db])", "PAYMENTS_URL": blueprint.addresses.namedURL(.upstream1),
            "PAYMENTS_FALLBACK_URL": blueprint.addresses.namedURL(.upstream2),
        ]
        let directories = [blueprint.layout.config, blueprint.layout.baseline]
        for path in directories.flatMap({ ["\($0)/shop.env", "\($0)/report.env"] }) {
            guard FileSystem.exists(path) else { continue }  // a baseline is there after the first start
            try translating {
                let old = try FileSystem.text(path)
                let new = EnvironmentText.replacing(values, in: old)
                if new != old { try FileSystem.writeAtomically(new, to: path) }
            }
        }
    }
}
