import OpsSystem

/// Makes the directories of a lab and gives each to whom it belongs; running it again repairs owners and modes.
struct LabDirectories {
    let layout: InstanceLayout
    let accounts: Accounts
    /// Directories below the target's own that an application of somebody's own keeps files in.
    var directories: [String] = []

    func make() throws(RuntimeError) {
        for directory in self.all {
            try translating {
                try FileSystem.makeDirectory(directory.path, mode: directory.mode)
                try FileSystem.setAccess(
                    directory.path,
                    mode: directory.mode,
                    owner: directory.owner,
                    group: directory.group
                )
            }
        }
    }

    private struct Directory {
        var path: String
        var mode: UInt32
        var owner: SystemUser = .current
        var group: UInt32?
    }

    private var all: [Directory] { self.common + self.target + self.lab + self.sockets }

    private var common: [Directory] {
        let layout = self.layout
        let shared = self.accounts[group: .target]
        return [
            Directory(path: layout.home, mode: 0o755), Directory(path: layout.programs, mode: 0o755),
            Directory(path: layout.secrets, mode: 0o711), Directory(path: "\(layout.home)/shared", mode: 0o755),
            Directory(path: layout.claims, mode: 0o2770, group: shared),
            Directory(path: layout.locks, mode: 0o2770, group: shared),
            Directory(path: layout.referee, mode: 0o700), Directory(path: "\(layout.referee)/runs", mode: 0o700),
            Directory(path: layout.reports, mode: 0o700),
        ]
    }

    /// Settings and working files are the target's, and its group's: remediation and injector change them too.
    private var target: [Directory] {
        let layout = self.layout
        let user = self.accounts[.target]
        let group = self.accounts[group: .target]
        let shared = [
            (layout.config, 0o2771 as UInt32), ("\(layout.config)/history", 0o2770),
            ("\(layout.config)/history/hosts", 0o2770), ("\(layout.target)/var", 0o2775), (layout.cache, 0o2775),
            (layout.scratch, 0o2775),
        ]
        return [
            Directory(path: layout.target, mode: 0o755),
            Directory(path: "\(layout.target)/pg", mode: 0o700, owner: self.accounts[.database]),
            Directory(path: "\(layout.target)/log", mode: 0o2750, group: self.accounts[group: .log]),
            Directory(path: layout.ledger, mode: 0o700, owner: user),
        ]
            + (shared + self.directories.map { ("\(layout.target)/\($0)", 0o2775) }).map {
                Directory(path: $0.0, mode: $0.1, owner: user, group: group)
            }
    }

    private var lab: [Directory] {
        let layout = self.layout
        let services: [(String, ServiceAccount)] = [
            ("observer", .observer), ("action", .action), ("chaos", .chaos), ("gate", .control), ("agent", .agent),
        ]
        let shop = ["payments-a", "payments-b", "api-1", "api-2", "worker", "report", "web", "load", "migrate"]
        let writers = services + shop.map { ($0, ServiceAccount.target) }
        return [
            Directory(path: layout.lab, mode: 0o755), Directory(path: "\(layout.lab)/log", mode: 0o700),
            Directory(path: "\(layout.lab)/pg", mode: 0o700, owner: self.accounts[.database]),
            Directory(path: "\(layout.lab)/spool", mode: 0o711),
        ]
            + services.map { Directory(path: layout.service($0.0), mode: 0o700, owner: self.accounts[$0.1]) }
            + writers.map { Directory(path: layout.spool($0.0), mode: 0o700, owner: self.accounts[$0.1]) }
    }

    private var sockets: [Directory] {
        let isShared = self.accounts.isolation == .users
        return [
            Directory(path: self.layout.sockets, mode: isShared ? 0o755 : 0o700),
            Directory(path: self.layout.targetDatabaseSocket, mode: 0o755, owner: self.accounts[.database]),
            Directory(path: self.layout.agentOpsDatabaseSocket, mode: 0o755, owner: self.accounts[.database]),
            Directory(path: FileSystem.parent(of: self.layout.guardSocket), mode: 0o700, owner: self.accounts[.chaos]),
            Directory(path: "\(self.layout.sockets)/n", mode: 0o700, owner: self.accounts[.chaos]),
            // Sockets in it belong to the injector's group: the target makes them, and nobody else may enter.
            Directory(
                path: "\(self.layout.sockets)/s",
                mode: isShared ? 0o2750 : 0o700,
                owner: self.accounts[.target],
                group: self.accounts[.chaos].gid
            ),
        ]
    }
}
