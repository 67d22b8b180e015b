import OpsSystem

extension LabBlueprint {
    /// The shop, in the order in which its parts need each other.
    ///
    /// Nothing but the worker comes back by itself: what has crashed here is found and repaired, or it would not be an incident.
    package var targetPrograms: [SupervisedProgram] {
        let shop: [(name: String, verb: String, priority: Int)] = [
            ("payments-a", "upstream", 20), ("payments-b", "upstream", 20), ("api-1", "api", 40), ("api-2", "api", 40),
            ("worker", "worker", 45), ("report", "report", 45), ("web", "web", 50), ("load", "load", 90),
        ]
        return [self.database("db", at: "\(self.layout.target)/pg")]
            + shop.map { part in
                SupervisedProgram(
                    name: part.name,
                    command: [
                        self.layout.program("TargetServer"), part.verb, "--config",
                        "\(self.layout.target)/\(part.name).yaml",
                    ],
                    account: .target,
                    priority: part.priority,
                    restart: part.verb == "worker" ? .onFailure : .never,
                    limits: part.verb == "api" ? ["--nofile=256:1024"] : []
                )
            }
    }

    /// The services that watch, break, decide and repair.
    package var labPrograms: [SupervisedProgram] {
        [
            self.database("agentops-db", at: "\(self.layout.lab)/pg", restart: .onFailure),
            self.service("observer", "Observer", "serve", .observer, priority: 30),
            self.service("action", "ActionPlane", "serve", .action, priority: 35),
            self.service("gate", "ControlPlane", "serve", .control, priority: 40),
            self.service("chaos", "ChaosServer", "serve", .chaos, priority: 45, stopsGroup: false),
            self.service("agent", "ControlPlane", "agent", .agent, priority: 60),
        ] + self.record.linked.compactMap(self.link) + self.proxy
    }

    /// What stands in the ways between the shop's programs, if anything does.
    private var proxy: [SupervisedProgram] {
        guard self.record.isProxied else { return [] }
        return [
            SupervisedProgram(
                name: "proxy",
                command: [self.layout.program("ChaosServer"), "proxy", "--config", self.proxySettings],
                account: .chaos,
                priority: 15,
                restart: .onFailure
            )
        ]
    }

    /// What closes the ways out of a program that shares its network with others.
    private func link(of program: String) -> SupervisedProgram? {
        guard let source = self.record.source(of: program) else { return nil }
        return SupervisedProgram(
            name: InstanceRecord.link(of: program),
            command: [
                self.layout.program("ChaosServer"), "link", "--socket", self.layout.linkSocket(of: program),
                "--table", self.record.linkTable(of: program), "--source", source,
            ],
            account: .chaos,
            priority: 40,
            restart: .onFailure,
            capability: "net_admin"
        )
    }

    private func database(
        _ name: String,
        at data: String,
        restart: SupervisedProgram.Restart = .never
    ) -> SupervisedProgram {
        SupervisedProgram(
            name: name,
            command: [self.host.postgres, "-D", data],
            account: .database,
            priority: 10,
            restart: restart,
            stopSignal: "INT",
            stopWait: 12,
            stopsGroup: false
        )
    }

    private func service(
        _ name: String,
        _ program: String,
        _ verb: String,
        _ account: ServiceAccount,
        priority: Int,
        stopsGroup: Bool = true
    ) -> SupervisedProgram {
        SupervisedProgram(
            name: name,
            command: [self.layout.program(program), verb, "--config", "\(self.layout.service(name))/service.yaml"],
            account: account,
            priority: priority,
            restart: .onFailure,
            stopWait: 6,
            stopsGroup: stopsGroup
        )
    }
}
