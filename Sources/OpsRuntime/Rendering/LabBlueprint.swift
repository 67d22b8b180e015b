package import OpsModel
import OpsSystem

/// Everything that follows from a lab's record, layout, accounts and secrets: which programs there are, and what their files say.
///
/// Pure: the same blueprint renders the same text, so tests read it and `up` may run as often as it likes.
package struct LabBlueprint: Sendable {
    package let layout: InstanceLayout
    package let record: InstanceRecord
    package let accounts: Accounts
    package let host: HostPrograms
    package let autonomy: Autonomy
    /// Who starts the lab.
    package let startedBy: String?
    /// Who made keys for themselves under other names, by those names.
    package let makers: [String: String]
    /// A person's own application; nil is the shop.
    package let plan: ApplicationPlan?

    package init(
        layout: InstanceLayout,
        record: InstanceRecord,
        accounts: Accounts,
        host: HostPrograms,
        autonomy: Autonomy = .approve,
        startedBy: String? = nil,
        makers: [String: String] = [:],
        plan: ApplicationPlan? = nil
    ) {
        self.plan = plan
        self.layout = layout
        self.record = record
        self.accounts = accounts
        self.host = host
        self.autonomy = autonomy
        self.startedBy = startedBy
        self.makers = makers
    }

    package var ports: PortPlan { self.record.ports }
    package var addresses: LabAddresses { LabAddresses(self.record.runtime, self.record.ports) }

    /// Where the services start and stop the target's programs.
    var targetControl: ControlAddress {
        switch self.record.runtime {
        case .local: .supervisor(self.layout.targetSupervisor)
        case .compose: .engine(socket: self.layout.engineSocket, prefix: ComposeProject.prefix(self.record.instance))
        }
    }

    package func supervisorConfiguration(_ half: InstanceLayout.Half) -> SupervisorConfiguration {
        let programs = half == .target ? self.targetPrograms : self.labPrograms
        return SupervisorConfiguration(
            half: half,
            layout: self.layout,
            accounts: self.accounts,
            setpriv: self.host.setpriv,
            programs: programs
        )
    }

    package func targetCluster(_ secrets: LabSecrets) -> ClusterPlan {
        ClusterPlan(
            data: "\(self.layout.target)/pg",
            socketDirectory: self.layout.targetDatabaseSocket,
            port: UInt16(self.databaseAddress.port),
            administrators: self.administrators([.database, .chaos, .action]),
            roles: self.roles.map {
                ClusterPlan.Role(name: $0, password: secrets.target[$0] ?? "", memberOf: self.groups(of: $0))
            },
            databases: [
                ClusterPlan.Database(
                    name: self.databaseName,
                    owner: self.plan?.application.database.owner ?? "shop",
                    extensions: self.statistics
                ),
                ClusterPlan.Database(name: "vault", visibleTo: []),
            ],
            connections: 80,
            libraries: self.statistics,
            isNetworked: self.record.runtime == .compose
        )
    }

    /// Where others in the lab reach the target's database.
    var databaseAddress: (host: String, port: Int) {
        if let database = self.plan?.application.database { return (database.component, database.port) }
        return (self.addresses.host(.db), Int(self.ports[.db]))
    }

    /// The target's database.
    var databaseName: String { self.plan?.application.database.name ?? "shop" }

    /// The roles of the target's database, owners first.
    package var roles: [String] {
        guard let database = self.plan?.application.database else { return LabSecrets.targetRoles }
        return (database.roles + database.jobs + ["operator", "observer"]).reduce(into: []) {
            if !$0.contains($1) { $0.append($1) }
        }
    }

    /// Whom a role may act for.
    ///
    /// Whoever may be met as a culprit in somebody's application may do what its owner may.
    private func groups(of role: String) -> [String] {
        if role == "observer" { return ["pg_monitor"] }
        guard let database = self.plan?.application.database, role != database.owner,
            role == "operator" || database.jobs.contains(role)
        else { return [] }
        return [database.owner]
    }

    private var statistics: [String] { [self.host.statementStatistics].compactMap(\.self) }

    package func agentOpsCluster(_ secrets: LabSecrets) -> ClusterPlan {
        ClusterPlan(
            data: "\(self.layout.lab)/pg",
            socketDirectory: self.layout.agentOpsDatabaseSocket,
            port: self.ports[.agentops],
            administrators: self.administrators([.database]),
            roles: LabSecrets.agentOpsRoles.map { ClusterPlan.Role(name: $0, password: secrets.agentOps[$0] ?? "") },
            databases: [ClusterPlan.Database(name: "agentops")],
            connections: 80,
            isNetworked: self.record.runtime == .compose
        )
    }

    /// The person who starts the lab administers both clusters.
    private func administrators(_ accounts: [ServiceAccount]) -> [String] {
        let names = accounts.map { self.accounts[$0].name } + [SystemUser.current.name]
        return names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
