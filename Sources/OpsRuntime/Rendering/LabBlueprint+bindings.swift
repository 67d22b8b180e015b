package import OpsSpec

extension LabBlueprint {
    /// Where the components of the topology are in this lab.
    package var bindings: Bindings {
        self.plan.map { self.bindings(of: $0) } ?? self.shopBindings
    }

    private var shopBindings: Bindings {
        Bindings(
            runtime: self.record.runtime.rawValue,
            isolation: self.record.isolation.rawValue,
            instance: self.record.instance,
            instanceID: self.record.instanceID,
            supervisor: self.targetControl.description,
            components: [
                "web": self.processes(.http, [("web", .web)]),
                "api": self.processes(.http, [("api-1", .api1), ("api-2", .api2)]),
                "worker": self.processes(.worker, [("worker", .worker)]),
                "report": self.processes(.batch, [("report", .report)]),
                "payments": BoundComponent(
                    kind: .provider,
                    providers: [
                        "primary": BoundProvider(
                            url: self.addresses.url(.upstream1),
                            host: "payments-a",
                            program: "payments-a",
                            strains: self.layout.strainSocket(of: "payments-a")
                        ),
                        "fallback": BoundProvider(
                            url: self.addresses.url(.upstream2),
                            host: "payments-b",
                            program: "payments-b",
                            strains: self.layout.strainSocket(of: "payments-b")
                        ),
                    ],
                    keys: self.layout.merchantKeys
                ),
                "db": self.database,
                "cache": BoundComponent(kind: .directory, path: self.layout.cache),
                "scratch": BoundComponent(kind: .directory, path: self.layout.scratch),
            ],
            config: [
                "shop.env": BoundConfig(
                    path: "\(self.layout.config)/shop.env",
                    history: "\(self.layout.config)/history"
                ),
                "shop.hosts": BoundConfig(
                    path: "\(self.layout.config)/shop.hosts",
                    history: "\(self.layout.config)/history/hosts"
                ),
            ],
            load: BoundLoad(url: self.addresses.url(.load), program: "load"),
            shared: BoundShared(claims: self.layout.claims, locks: self.layout.locks)
        )
    }

    private func processes(_ kind: ComponentKind, _ instances: [(String, PortPlan.Listener)]) -> BoundComponent {
        BoundComponent(
            kind: kind,
            instances: instances.map { name, listener in
                BoundInstance(
                    name: name,
                    program: name,
                    url: self.addresses.url(listener),
                    log: self.layout.log(name, of: .target),
                    link: self.link(of: name),
                    strains: listener == .api1 || listener == .api2 ? self.layout.strainSocket(of: name) : nil
                )
            }
        )
    }

    /// Where the ways out of a program can be closed; nil where that cannot be.
    func link(of program: String) -> BoundLink? {
        guard self.record.linked.contains(program) else { return nil }
        return BoundLink(
            program: self.record.isProxied ? "proxy" : InstanceRecord.link(of: program),
            socket: self.layout.linkSocket(of: program),
            source: self.record.source(of: program),
            isProxy: self.record.isProxied ? true : nil
        )
    }

    var database: BoundComponent {
        let name = self.plan?.application.database.component ?? "db"
        return BoundComponent(
            kind: .postgres,
            instances: [BoundInstance(name: name, program: name, log: self.layout.log(name, of: .target))],
            postgres: BoundPostgres(
                host: self.databaseAddress.host,
                port: self.databaseAddress.port,
                socket: self.layout.targetDatabaseSocket,
                database: self.databaseName,
                admin: "postgres",
                data: "\(self.layout.target)/pg"
            )
        )
    }
}
