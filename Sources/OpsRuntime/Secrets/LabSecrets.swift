import OpsSystem
package import OpsTrust

/// Every secret of a lab, made or read in one go.
package struct LabSecrets: Sendable {
    /// Roles of the AgentOps database, one per process that records or reads.
    package static let agentOpsRoles = [
        "target", "action", "observer", "gate", "agent", "chaos", "referee", "operator",
    ]
    /// Roles of the shop's database.
    package static let targetRoles = ["shop", "report", "operator", "observer"]

    /// Passwords of the shop's database by role.
    package var target: [String: String] = [:]
    /// Passwords of the AgentOps database by role.
    package var agentOps: [String: String] = [:]
    /// API keys by principal.
    package var keys: [String: APIKey] = [:]
    /// The key that the shop shares with its payment providers.
    package var payments = ""
    /// The gate's public half.
    package var gate: PublicKey
    /// Approvers' public halves by name.
    package var approvers: [String: PublicKey] = [:]

    package init(
        _ store: SecretStore,
        people: [String],
        roles: [String] = Self.targetRoles
    ) throws(RuntimeError) {
        let accounts = store.accounts
        let person = SystemUser.current
        self.gate = try store.signingKey("\(store.layout.service("gate"))/signing.key", for: accounts[.control])
        for role in roles {
            self.target[role] = try store.password("db-\(role)", for: Self.holder(ofTargetRole: role, accounts))
        }
        for role in Self.agentOpsRoles {
            self.agentOps[role] = try store.password(
                "agentops-\(role)",
                for: Self.holder(ofAgentOpsRole: role, accounts)
            )
        }
        let holders: [(String, SystemUser)] = [
            ("gate", accounts[.control]), ("observer", accounts[.observer]), ("agent", accounts[.agent]),
            ("action", accounts[.action]),
            ("operator", person), ("referee", person),
            // Observer's user may page already, so an Alertmanager that runs as that user may no more than it.
            ("alertmanager", accounts[.observer]),
        ]
        for (principal, holder) in holders { self.keys[principal] = try store.key(principal, for: holder) }
        let killKey = "\(store.layout.service("chaos"))/kill.key"
        _ = try store.secret(at: killKey, for: accounts[.chaos]) { APIKey.generate().secretText }
        self.payments = try store.password("payments", for: accounts[.target])
        for name in people { self.approvers[name] = try Self.approver(name, store) }
    }

    private static func holder(ofTargetRole role: String, _ accounts: Accounts) -> SystemUser {
        switch role {
        case "observer": accounts[.observer]
        case "operator": accounts[.chaos]
        default: accounts[.target]
        }
    }

    private static func holder(ofAgentOpsRole role: String, _ accounts: Accounts) -> SystemUser {
        switch role {
        case "target": accounts[.target]
        case "action": accounts[.action]
        case "observer": accounts[.observer]
        case "gate": accounts[.control]
        case "agent": accounts[.agent]
        case "chaos": accounts[.chaos]
        default: .current
        }
    }

    /// People's keys lie outside every lab: a person approves in all of them, and no service may read them.
    private static func approver(_ name: String, _ store: SecretStore) throws(RuntimeError) -> PublicKey {
        let directory = "\(store.layout.people)/\(name)"
        try translating { try FileSystem.makeDirectory(directory, mode: 0o700) }
        return try store.signingKey("\(directory)/approver.key", for: .current)
    }
}
