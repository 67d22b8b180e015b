import OpsSystem
import OpsTrust

extension LabBlueprint {
    /// The settings files of the target.
    package func targetFiles(_ secrets: LabSecrets) throws(RuntimeError) -> [RenderedFile] {
        guard let plan else { return self.shopFiles(secrets) }
        return try self.files(of: plan, secrets)
    }

    private func shopFiles(_ secrets: LabSecrets) -> [RenderedFile] {
        [
            self.environmentFile("shop.env", self.shopEnvironment(secrets)),
            self.environmentFile("report.env", self.databaseEnvironment("report", secrets)),
            self.environmentFile("shop.hosts", self.hosts, mode: 0o664),
            self.initialFile(self.layout.merchantKeys, AcceptedKeys(of: [secrets.payments]).text),
        ]
            + self.targetSettings.map { name, settings in
                RenderedFile(
                    path: "\(self.layout.target)/\(name).yaml",
                    text: settings.text,
                    mode: 0o644,
                    owner: .current
                )
            }
    }

    private func shopEnvironment(_ secrets: LabSecrets) -> [(String, String)] {
        self.databaseEnvironment("shop", secrets) + [
            ("DB_POOL", "10"), ("STATEMENT_TIMEOUT", "2s"), ("PAYMENTS_ACTIVE", "primary"),
            ("PAYMENTS_URL", self.addresses.namedURL(.upstream1)),
            ("PAYMENTS_FALLBACK_URL", self.addresses.namedURL(.upstream2)),
            ("PAYMENTS_KEY", secrets.payments), ("WORKER_CONCURRENCY", "4"), ("RETRY_BUDGET", "10%"),
            ("CACHE_SINGLE_FLIGHT", "true"),
        ]
    }

    private func databaseEnvironment(_ role: String, _ secrets: LabSecrets) -> [(String, String)] {
        [
            ("DB_HOST", self.addresses.host(.db)), ("DB_PORT", "\(self.ports[.db])"), ("DB_NAME", "shop"),
            ("DB_USER", role),
            ("DB_PASSWORD", secrets.target[role] ?? ""),
        ]
    }

    /// Where the names lead that the shop looks up itself.
    private var hosts: [(String, String)] {
        [PortPlan.Listener.upstream1, .upstream2].map { ($0.program, self.addresses.host($0)) }
    }

    private func environmentFile(
        _ name: String,
        _ values: [(String, String)],
        mode: UInt32 = 0o660
    ) -> RenderedFile {
        self.initialFile("\(self.layout.config)/\(name)", values.map { "\($0.0)=\($0.1)\n" }.joined(), mode: mode)
    }

    /// Written once: actions and faults change these files later.
    private func initialFile(_ path: String, _ text: String, mode: UInt32 = 0o660) -> RenderedFile {
        RenderedFile(
            path: path,
            text: text,
            mode: mode,
            owner: self.accounts[.target],
            group: self.accounts[group: .target],
            isInitial: true
        )
    }

    private var targetSettings: [(String, SettingsText)] {
        [
            ("payments-a", self.provider("payments-a", .upstream1, terms: "primary")),
            ("payments-b", self.provider("payments-b", .upstream2, terms: "fallback")),
            ("api-1", self.api("api-1", .api1)),
            ("api-2", self.api("api-2", .api2)),
            (
                "worker",
                self.shop("worker", .worker, environment: "shop.env") { settings in
                    settings.set("scratch", self.layout.scratch)
                    settings.set("hosts", "\(self.layout.config)/shop.hosts")
                }
            ),
            (
                "report",
                self.shop("report", .report, environment: "report.env") { settings in
                    settings.set("every", "20s")
                    settings.set("keys", "\(self.layout.target)/keys.json")
                }
            ),
            (
                "web",
                self.shop("web", .web, environment: nil) { settings in
                    let host = self.record.via(of: "web")
                    settings.set(
                        "upstreams",
                        [.api1, .api2].map { self.addresses.url($0, at: host) }
                    )
                    settings.set("keys", "\(self.layout.target)/keys.json")
                }
            ),
            (
                "load",
                self.shop("load", .load, environment: "shop.env") { settings in
                    // Customers' books are compared whatever becomes of the names of the shop.
                    if self.record.runtime == .local { settings.set("via", self.addresses.host(.upstream1)) }
                    settings.set("upstreams", [self.addresses.url(.web)])
                    settings.set("ledger", self.layout.ledger)
                    settings.set("keys", "\(self.layout.target)/keys.json")
                }
            ),
            ("migrate", self.migration),
        ]
    }

    /// Migrations run as the administrator over the socket: they give roles their rights.
    private var migration: SettingsText {
        var settings = SettingsText()
        settings.set("host", self.layout.targetDatabaseSocket)
        settings.set("port", Int(self.ports[.db]))
        settings.set("user", "postgres")
        settings.set("database", "shop")
        return settings
    }

    private func api(_ name: String, _ listener: PortPlan.Listener) -> SettingsText {
        self.shop(name, listener, environment: "shop.env") { settings in
            settings.set("hosts", "\(self.layout.config)/shop.hosts")
            settings.set("cache", self.layout.cache)
            settings.set("memory_mib", 128)
            settings.set("fds", 256)
            settings.set("strains", self.layout.strainSocket(of: name))
            if let source = self.record.source(of: name) { settings.set("source", source) }
            if let via = self.record.via(of: name) { settings.set("via", via) }
            self.know(&settings, by: ["web"])
        }
    }

    /// The addresses at which these callers find a proxy for it, and the name by which they ask for it.
    private func know(_ settings: inout SettingsText, by callers: [String], as name: String? = nil) {
        let hosts = [name].compactMap(\.self) + callers.compactMap { self.record.via(of: $0) }
        if !hosts.isEmpty { settings.set("also_known_as", hosts) }
    }

    private func provider(_ name: String, _ listener: PortPlan.Listener, terms: String) -> SettingsText {
        self.shop(name, listener, environment: nil) { settings in
            settings.set("merchant_keys", self.layout.merchantKeys)
            settings.set("ledger", self.layout.ledger)
            settings.set("terms", terms)
            self.know(&settings, by: ["api-1", "api-2"], as: name)
            settings.set("strains", self.layout.strainSocket(of: name))
        }
    }

    private func shop(
        _ name: String,
        _ listener: PortPlan.Listener,
        environment: String?,
        _ more: (inout SettingsText) -> Void
    ) -> SettingsText {
        var settings = SettingsText()
        settings.set("listen", self.addresses.listen(listener))
        settings.set("name", name)
        if let environment { settings.set("env_file", "\(self.layout.config)/\(environment)") }
        more(&settings)
        self.record(&settings, user: "target", org: "lab", writer: name)
        return settings
    }
}
