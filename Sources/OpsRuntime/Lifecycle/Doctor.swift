import Glibc
import OpsSystem

/// Looks at this machine with a lab in mind, and changes nothing.
public struct Doctor: Sendable {
    /// What was found about one thing.
    public struct Finding: Codable, Sendable {
        /// How bad it is.
        public enum Verdict: String, Codable, Sendable {
            case ok
            /// Something will be unsupported.
            case warning
            /// A lab cannot start.
            case missing
        }

        /// What was looked at.
        public var subject: String
        /// How bad it is.
        public var verdict: Verdict
        /// What was seen.
        public var detail: String
        /// What to do.
        public var hint: String?
    }

    let lab: Lab
    private let runtime: LabRuntime

    /// Examines with this lab in mind; nil is the way the lab runs.
    public init(lab: Lab, runtime: LabRuntime? = nil) {
        self.lab = lab
        self.runtime = runtime ?? lab.runtime
    }

    /// All findings in the order in which a start would meet them.
    public func examine() async -> [Finding] {
        let isUp = await self.lab.isUp()
        let containers = self.runtime == .compose ? await self.containers(isUp) : []
        return [self.programs, self.accounts] + containers
            + [
                self.room, self.reserve, self.state, self.ports(isUp), self.landlock, self.controlGroups,
                self.leftovers(isUp),
            ]
    }

    private var programs: Finding {
        do {
            let host = try HostPrograms.find()
            let detail = "\(host.postgres), \(host.supervisord)"
            guard host.statementStatistics == nil else {
                return Finding(subject: "programs", verdict: .ok, detail: detail)
            }
            return Finding(
                subject: "programs",
                verdict: .warning,
                detail: "\(detail), without pg_stat_statements: the read pg.statement_vs_baseline is unsupported",
                hint: "install the server's contrib modules"
            )
        } catch {
            return Finding(subject: "programs", verdict: .missing, detail: error.message, hint: error.hint)
        }
    }

    private var accounts: Finding {
        do {
            let accounts = try Accounts.resolve()
            if self.runtime == .compose {
                return Finding(
                    subject: "isolation",
                    verdict: .ok,
                    detail: "I3: every program has a container of its own"
                )
            }
            let detail =
                accounts.isolation == .users
                ? "I2: every service has a user of its own"
                : "I0: everything runs as \(SystemUser.current.name); only the interfaces keep secrets"
            return Finding(subject: "isolation", verdict: .ok, detail: detail)
        } catch {
            return Finding(subject: "isolation", verdict: .missing, detail: error.message, hint: error.hint)
        }
    }

    private var room: Finding {
        let directory =
            FileSystem.exists(self.lab.layout.state)
            ? self.lab.layout.state : FileSystem.parent(of: self.lab.layout.state)
        guard let space = try? FileSystem.freeSpace(directory) else {  // said below
            return Finding(subject: "disk", verdict: .missing, detail: "cannot ask for the free space of \(directory)")
        }
        let verdict: Finding.Verdict = space < 600 << 20 ? .missing : .ok
        return Finding(
            subject: "disk",
            verdict: verdict,
            detail: "\(space >> 20) MB free in \(directory)",
            hint: verdict == .ok ? nil : "a lab needs 600 MB"
        )
    }

    private var reserve: Finding {
        let state = self.lab.layout.state
        let directory = FileSystem.exists(state) ? state : FileSystem.parent(of: state)
        guard FileSystem.isCopyOnWrite(directory) else {
            return Finding(subject: "journals", verdict: .ok, detail: "room for undoing can be reserved")
        }
        return Finding(
            subject: "journals",
            verdict: .warning,
            detail: "\(directory) copies on write: reserved room is no promise on a full disk",
            hint: "set OPSLAB_LABS to a directory on ext4, xfs or tmpfs"
        )
    }

    private var state: Finding {
        var directory = self.lab.layout.state
        while !FileSystem.exists(directory), directory != "/" { directory = FileSystem.parent(of: directory) }
        guard access(directory, W_OK | X_OK) == 0 else {
            return Finding(
                subject: "state",
                verdict: .missing,
                detail: "\(SystemUser.current.name) may not write into \(directory)",
                hint: "use a clone of your own, or set OPSLAB_LABS to a directory of yours"
            )
        }
        return Finding(
            subject: "state",
            verdict: .ok,
            detail: "\(self.lab.layout.home), sockets in \(self.lab.layout.sockets)"
        )
    }

    private func ports(_ isUp: Bool) -> Finding {
        if isUp { return Finding(subject: "ports", verdict: .ok, detail: "in use by this lab, which is up") }
        if self.lab.name != .standard {
            return Finding(subject: "ports", verdict: .ok, detail: "free ones are taken at the start")
        }
        let plan = self.lab.record?.ports ?? .standard
        let taken = plan.taken()
        guard !taken.isEmpty else { return Finding(subject: "ports", verdict: .ok, detail: "free") }
        let list = taken.map { "\(plan[$0]) (\($0.rawValue))" }.joined(separator: ", ")
        return Finding(
            subject: "ports",
            verdict: .missing,
            detail: "taken: \(list)",
            hint: "`opslab up --instance NAME` takes free ports"
        )
    }

    private var landlock: Finding {
        let abi = Landlock.version
        guard abi > 0 else {
            return Finding(
                subject: "landlock",
                verdict: .warning,
                detail: "this kernel has none: the agent cannot restrict itself"
            )
        }
        return Finding(subject: "landlock", verdict: .ok, detail: "version \(abi)\(abi < 4 ? ", files only" : "")")
    }

    private var controlGroups: Finding {
        let isUnified = FileSystem.exists("/sys/fs/cgroup/cgroup.controllers")
        return Finding(subject: "control groups", verdict: .ok, detail: isUnified ? "version 2" : "version 1")
    }

    private func leftovers(_ isUp: Bool) -> Finding {
        let found = isUp ? [] : LeftoverProcesses(home: self.lab.layout.home).find()
        guard !found.isEmpty else { return Finding(subject: "leftovers", verdict: .ok, detail: "none") }
        let list = found.map { "\($0)" }.joined(separator: ", ")
        return Finding(
            subject: "leftovers",
            verdict: .warning,
            detail: "processes of an earlier run: \(list)",
            hint: "`opslab down` ends them"
        )
    }
}
