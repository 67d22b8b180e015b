import OpsSystem

/// What a lab in containers needs on disk beside what every lab has.
struct ContainerFiles: Sendable {
    let layout: InstanceLayout
    let accounts: Accounts
    let record: InstanceRecord

    /// Each client's own way to the engine; outside the containers the injector's is the one that a person's `down` takes.
    static let clients: [(name: String, account: ServiceAccount)] = [
        ("observer", .observer), ("action", .action), ("chaos", .chaos),
    ]

    func make() throws(RuntimeError) {
        try translating {
            for client in Self.clients {
                let directory = self.layout.engineDirectory(of: client.name)
                try FileSystem.makeDirectory(directory, mode: 0o750)
                let group = self.accounts[client.account].gid
                try FileSystem.setAccess(directory, mode: 0o750, owner: .current, group: group)
            }
            let own = FileSystem.parent(of: self.layout.engineSocket)
            if FileSystem.linkTarget(own) == nil {
                try FileSystem.makeLink(own, to: self.layout.engineDirectory(of: "chaos"))
            }
            try self.makeLogs()
        }
    }

    /// A program in a container appends to a file that is there: the directory is nobody's but the lab's.
    private func makeLogs() throws {
        for half in InstanceLayout.Half.allCases {
            for program in self.record.programs(of: half) {
                let path = self.layout.log(program, of: half)
                if !FileSystem.exists(path) { try FileSystem.writeAtomically("", to: path, mode: 0o640) }
                let isForeign = self.record.application?.programs.contains { $0.name == program } == true
                try FileSystem.setAccess(
                    path,
                    // Who a service of somebody's own runs as is its own business; nobody else gets into the directory.
                    mode: isForeign ? 0o666 : 0o640,
                    owner: self.isRoots(program) ? .current : self.accounts[self.account(of: program, half)],
                    group: half == .target ? self.accounts[group: .log] : nil
                )
            }
        }
    }

    /// Those that need more of their container than another user has.
    private func isRoots(_ program: String) -> Bool {
        program == "engine" || self.record.linked.map(InstanceRecord.link).contains(program)
    }

    private func account(of program: String, _ half: InstanceLayout.Half) -> ServiceAccount {
        switch program {
        case "agentops-db", self.record.application?.database.component ?? "db": .database
        case "observer": .observer
        case "action": .action
        case "chaos", "guard": .chaos
        case "gate": .control
        case "agent": .agent
        default: half == .target ? .target : .database
        }
    }
}
