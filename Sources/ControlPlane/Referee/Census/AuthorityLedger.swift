import OpsModel
import OpsSpec

/// Which changes of the world somebody was entitled to, and how often: by a grant that was used up, by a fault's undo, or by
/// what the target declares to do by itself.
struct AuthorityLedger: Sendable {
    var topology: Topology
    var bindings: Bindings
    var granted: [GrantedRun]
    var faults: [FaultRecord]

    /// How often a program may have been started.
    ///
    /// A start that did not last may be tried again by whoever may start it at all.
    func starts(of program: String, in history: ProgramHistory) -> Int {
        let component = self.component(of: program)
        let byGrants = self.granted.filter { self.restarts(component, program, $0) }
            .reduce(0) { $0 + ($1.isPlain ? 1 : 2) }  // one that was taken back has restarted it twice
        let byDeploys = self.faults.reduce(0) { $0 + Self.deploys(program, $1) }
        let byUndo =
            byDeploys
            + self.faults.count { fault in
                fault.outcome["reverted", default: 0] > 0
                    && fault.marks.contains { $0.kind == .program && $0.subject == program }
            }
        if self.topology.component(component)?.restartsOnFailure == true {
            return byGrants + byUndo + history.failures(of: program)
        }
        return byGrants + byUndo == 0 ? 0 : byGrants + byUndo + history.failedStarts(of: program)
    }

    /// How often a program may have been held still: once for each fault that does so.
    func pauses(of program: String) -> Int { self.faults.count { Self.pauses(program, $0) } }

    /// How often it may have been let go on: by an undo, by a person's leave, or by a restart, which begins with it.
    func resumes(of program: String) -> Int {
        let component = self.component(of: program)
        let byUndo = self.faults.count { Self.pauses(program, $0) && $0.outcome["reverted", default: 0] > 0 }
        return byUndo
            + self.granted.count { self.restarts(component, program, $0) || self.resumes(component, program, $0) }
    }

    /// Whether a role may have another password than before.
    func mayChangeRole(_ role: String) -> Bool {
        self.topology.config.contains { source in
            source.secrets.contains { $0.role == role }
                && self.granted.contains { $0.action == "regenerate-env" && Self.names("file", source.name, $0) }
        }
    }

    /// Whether a configuration file may have another content than before.
    func mayChange(_ file: String) -> Bool {
        self.granted.contains {
            switch $0.action {
            case "rollback-config", "set-config": self.isFile(file, of: $0)
            case "regenerate-env": Self.names("file", file, $0)
            case "switch-to-fallback": true
            case "rotate-credential": self.sharesKey(in: file, of: $0)
            default: false
            }
        }
    }

    /// Whether a directory may be another one than before.
    func mayReplace(_ directory: String) -> Bool {
        self.granted.contains { $0.action == "clear-cache" && Self.names("component", directory, $0) }
    }

    /// Whether a program may be down that was up.
    func mayBeDown(_ program: String) -> Bool {
        self.granted.contains {
            $0.action == "pause-component" && Self.names("component", self.component(of: program), $0)
        }
    }

    /// Whether a feature flag may have been turned.
    func mayTurn(_ flag: String) -> Bool {
        self.granted.contains { $0.action == "set-flag" && Self.names("flag", flag, $0) }
    }

    /// Whether a database may have other settings than before.
    var mayChangeSettings: Bool {
        self.granted.contains { $0.action == "rollback-config" && !self.isAboutFile($0) }
    }

    /// Whether the tables of a database may be made of something else than before.
    var mayChangeSchema: Bool { self.granted.contains { ["run-migrations", "restore-db"].contains($0.action) } }

    /// Whether a database may have ended its sessions by being stopped.
    var mayStopDatabase: Bool { self.granted.contains { $0.action == "restart-db" } }

    private func resumes(_ component: String, _ program: String, _ run: GrantedRun) -> Bool {
        run.action == "resume-process" && Self.names("component", component, run)
            && Self.names("instance", self.instance(of: program), run)
    }

    private func restarts(_ component: String, _ program: String, _ run: GrantedRun) -> Bool {
        let config = self.topology.component(component)?.config
        return switch run.action {
        case "restart-service":
            Self.names("component", component, run) && Self.names("instance", self.instance(of: program), run)
        case "restart-api": component == "api" && Self.names("instance", self.instance(of: program), run)
        case "restart-db":
            self.topology.component(component)?.kind == .postgres && Self.names("component", component, run)
        case "regenerate-env": config.map { Self.names("file", $0, run) } ?? false
        case "switch-to-fallback": config != nil
        case "rotate-credential": config.map { self.sharesKey(in: $0, of: run) } ?? false
        case "rollback-config", "set-config": config.map { self.isFile($0, of: run) } ?? false
        default: false
        }
    }

    /// Whether a provider may take other keys than before.
    func mayChangeKeys(of provider: String) -> Bool {
        self.granted.contains { $0.action == "rotate-credential" && Self.names("component", provider, $0) }
    }

    /// Whether a configuration file holds a key that is shared with the provider that a run named.
    private func sharesKey(in file: String, of run: GrantedRun) -> Bool {
        (self.topology.configSource(file)?.secrets ?? []).contains {
            $0.use == .sharedKey && Self.names("component", $0.component, run)
        }
    }

    private static func pauses(_ program: String, _ fault: FaultRecord) -> Bool {
        fault.marks.contains { $0.kind == .pause && $0.subject == program }
    }

    /// How often a fault started a program anew: with its content of a file, and once more without it.
    private static func deploys(_ program: String, _ fault: FaultRecord) -> Int {
        guard fault.marks.contains(where: { $0.kind == .reload && $0.subject == program }) else { return 0 }
        return fault.outcome["reverted", default: 0] > 0 ? 2 : 1
    }

    /// Whether the component that a run named has its configuration in a file.
    private func isAboutFile(_ run: GrantedRun) -> Bool {
        run.parameters["component"]?.stringValue.map { self.topology.component($0)?.config != nil } ?? false
    }

    /// Whether a run was about the configuration file of the component that it named.
    private func isFile(_ file: String, of run: GrantedRun) -> Bool {
        guard let named = run.parameters["component"]?.stringValue else { return true }
        let component = self.topology.component(named)
        let isAboutHosts = run.parameters["config"]?.stringValue == "hosts"
        return (isAboutHosts ? component?.hosts : component?.config) == file
    }

    /// A parameter that is not given stands for all.
    private static func names(_ parameter: String, _ value: String, _ run: GrantedRun) -> Bool {
        guard let named = run.parameters[parameter]?.stringValue else { return true }
        return named == value
    }

    private func component(of program: String) -> String {
        let owner = self.bindings.components.first { _, bound in
            bound.instances?.contains { $0.program == program } == true
                || bound.providers?.values.contains { $0.program == program } == true
        }
        return owner?.key ?? program
    }

    private func instance(of program: String) -> String {
        let all = self.bindings.components.values.lazy.flatMap { $0.instances ?? [] }
        return all.first { $0.program == program }?.name ?? program
    }
}
