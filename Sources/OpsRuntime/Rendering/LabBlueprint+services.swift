import OpsModel
import OpsSpec
import OpsSystem

extension LabBlueprint {
    /// The settings file of each lab service, readable by that service alone.
    package var serviceFiles: [RenderedFile] {
        [
            self.file("observer", .observer, self.observer), self.file("action", .action, self.action),
            self.file("gate", .control, self.gate), self.file("chaos", .chaos, self.chaos),
            self.file("agent", .agent, self.agent),
        ] + self.proxyFiles
    }

    private var proxyFiles: [RenderedFile] {
        guard self.record.isProxied else { return [] }
        var settings = SettingsText()
        settings.set("listen", self.addresses.listen(.proxy))
        settings.set("keys", "\(self.layout.service("chaos"))/keys.json")
        settings.set("proxies", self.proxyList)
        return [
            RenderedFile(path: self.proxySettings, text: settings.text, mode: 0o600, owner: self.accounts[.chaos]),
            RenderedFile(path: self.proxyList, text: self.proxies, mode: 0o600, owner: self.accounts[.chaos]),
        ]
    }

    private func file(_ name: String, _ account: ServiceAccount, _ settings: SettingsText) -> RenderedFile {
        RenderedFile(
            path: "\(self.layout.service(name))/service.yaml",
            text: settings.text,
            mode: 0o600,
            owner: self.accounts[account]
        )
    }

    private var observer: SettingsText {
        self.service(
            "observer",
            .observer,
            user: "observer",
            org: "lab",
            peerKeys: ["gate": "observer", "load": "observer"]
        ) { settings in
            settings.set("runbooks", self.layout.runbooks)
            settings.set("load", self.addresses.url(.load))
            settings.section("target_db") { database in
                database.set("host", self.databaseAddress.host)
                database.set("port", self.databaseAddress.port)
                database.set("user", "observer")
                database.set("password_file", self.layout.secret("db-observer"))
                database.set("database", self.databaseName)
            }
        }
    }

    private var action: SettingsText {
        self.service("action", .action, user: "action", org: "lab", peerKeys: ["target": "action"]) { settings in
            settings.set("trust", "\(self.layout.service("action"))/trust.json")
        }
    }

    private var gate: SettingsText {
        self.service("gate", .gate, user: "gate", org: "lab", peerKeys: ["observer": "gate", "action": "gate"]) {
            settings in
            settings.set("trust", "\(self.layout.service("gate"))/trust.json")
            settings.set("signing_key", "\(self.layout.service("gate"))/signing.key")
            settings.set("autonomy", self.autonomy.rawValue)
            if let startedBy = self.startedBy { settings.set("started_by", startedBy) }
        }
    }

    private var chaos: SettingsText {
        self.service("chaos", .chaos, user: "chaos", org: "referee", peerKeys: [:]) { settings in
            settings.set("kill_listen", self.addresses.listen(.kill))
            settings.set("guard_socket", self.layout.guardSocket)
            if self.record.runtime == .compose { settings.set("guard_apart", true) }
            settings.section("passwords") { passwords in
                for role in self.culprits { passwords.set(role, self.passwordCopy(of: role)) }
            }
        }
    }

    /// Roles as which a culprit's session may log in; the injector has its own copies of their passwords.
    private var culprits: [String] {
        ["operator"] + (self.plan?.topology.components(of: .batch).map(\.name) ?? ["report"])
    }

    private func passwordCopy(of role: String) -> String { "\(self.layout.service("chaos"))/db-\(role)" }

    /// Password files that a service has beside the holder of the secret.
    package func passwordCopies(_ secrets: LabSecrets) -> [RenderedFile] {
        self.culprits.map { role in
            RenderedFile(
                path: self.passwordCopy(of: role),
                text: (secrets.target[role] ?? "") + "\n",
                mode: 0o600,
                owner: self.accounts[.chaos]
            )
        }
    }

    /// The agent knows the gate and nothing else of the lab.
    private var agent: SettingsText {
        var settings = SettingsText()
        self.identify(&settings, "agent")
        self.record(&settings, user: "agent", org: "lab", writer: "agent")
        settings.section("peers") { $0.set("gate", self.addresses.url(.gate)) }
        settings.section("peer_keys") { $0.set("gate", self.layout.secret("key-agent")) }
        return settings
    }

    private func service(
        _ name: String,
        _ listener: PortPlan.Listener,
        user: String,
        org: String,
        peerKeys: [String: String],
        _ more: (inout SettingsText) -> Void
    ) -> SettingsText {
        var settings = SettingsText()
        settings.set("listen", self.addresses.listen(listener))
        self.identify(&settings, name)
        settings.set("topology", self.layout.topology)
        settings.set("bindings", self.layout.bindings)
        settings.set("keys", "\(self.layout.service(name))/keys.json")
        self.record(&settings, user: user, org: org, writer: name)
        settings.section("peers") { peers in
            for peer in [PortPlan.Listener.observer, .gate, .action, .chaos]
            where peer != listener && (peer != .chaos || name == "chaos") {
                peers.set(peer.rawValue, self.addresses.url(peer))
            }
        }
        if !peerKeys.isEmpty {
            settings.section("peer_keys") { keys in
                for (peer, key) in peerKeys.sorted(by: { $0.key < $1.key }) {
                    keys.set(peer, self.layout.secret("key-\(key)"))
                }
            }
        }
        more(&settings)
        return settings
    }

    private func identify(_ settings: inout SettingsText, _ name: String) {
        settings.set("instance", self.record.instance)
        settings.set("instance_id", self.record.instanceID)
        settings.set("state", self.layout.service(name))
    }

    /// Where a process records what it does; its spool comes first, so that no record waits for the database.
    func record(_ settings: inout SettingsText, user: String, org: String, writer: String) {
        settings.section("record") { record in
            record.set("host", self.addresses.host(.agentops))
            record.set("port", Int(self.ports[.agentops]))
            record.set("database", "agentops")
            record.set("user", user)
            record.set("password_file", self.layout.secret("agentops-\(user)"))
            record.set("org", org)
            record.set("spool", self.layout.spool(writer))
            record.set("writer", writer)
        }
    }
}
