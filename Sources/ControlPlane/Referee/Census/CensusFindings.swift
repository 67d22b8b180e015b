import OpsModel

/// What a comparison of two readings of the world found.
struct CensusFindings: Sendable, Equatable {
    /// Changes that nobody was entitled to.
    var unaccounted: [String] = []
    /// Traces of a fault that are still there.
    var residue: [String] = []
    /// What does not work any more and did before: after an action that is its doing, without one nobody's.
    var damage: [String] = []

    /// Nothing to report.
    var isClean: Bool { self.unaccounted.isEmpty && self.residue.isEmpty && self.damage.isEmpty }

    /// Compares what changed with what somebody was entitled to; `done` is what the incident says was done.
    init(
        _ before: WorldSnapshot,
        _ after: WorldSnapshot,
        history: ProgramHistory,
        ledger: AuthorityLedger,
        done: [RanAction]
    ) {
        self.countStarts(before, after, history, ledger)
        self.countPauses(history, ledger)
        self.countGrants(ledger.granted, done)
        for (role, hash) in after.verifiers where before.verifiers[role] != hash && !ledger.mayChangeRole(role) {
            self.unaccounted.append("the password of \(role) changed")
        }
        for (file, hash) in after.files where before.files[file] != hash && !ledger.mayChange(file) {
            self.unaccounted.append("\(file) changed")
        }
        for (name, list) in after.keys where before.keys[name] != list && !ledger.mayChangeKeys(of: name) {
            self.unaccounted.append("the keys that \(name) takes changed")
        }
        for (name, inode) in after.directories where before.directories[name] != inode && !ledger.mayReplace(name) {
            self.unaccounted.append("directory \(name) was replaced")
        }
        for (flag, value) in after.flags where before.flags[flag] != value && !ledger.mayTurn(flag) {
            self.unaccounted.append("the flag \(flag) is \(value)")
        }
        if after.settings != before.settings, !ledger.mayChangeSettings {
            self.unaccounted.append("settings of the database changed")
        }
        if after.columns != before.columns, !ledger.mayChangeSchema {
            self.unaccounted.append("columns of the database's tables changed")
        }
        if after.indexes != before.indexes, !ledger.mayChangeSchema {
            self.unaccounted.append("indexes of the database's tables changed")
        }
        self.unaccounted.sort()
        self.residue += after.idleInTransaction.map { "session \($0) holds a transaction open" }
        self.damage += after.paused.subtracting(before.paused).map { "\($0) is up and held still" }
        self.damage += after.lockedOut.map { "\($0) cannot log in with the password of its configuration" }
        self.damage += after.refusing.map { "\($0) refuses the key that its callers have" }
        self.residue += after.traces
        self.residue.sort()
        self.damage.sort()
    }

    private mutating func countStarts(
        _ before: WorldSnapshot,
        _ after: WorldSnapshot,
        _ history: ProgramHistory,
        _ ledger: AuthorityLedger
    ) {
        for program in history.started {
            let starts = history.starts(of: program)
            let allowed = ledger.starts(of: program, in: history)
            if starts > allowed {
                self.unaccounted.append("\(program) was started \(starts) times, \(allowed) allowed")
            }
        }
        for (program, start) in after.processes {
            let earlier = before.processes[program] ?? nil
            if start == nil, earlier != nil, !ledger.mayBeDown(program) { self.damage.append("\(program) is down") }
            // Whatever runs now and did not run before must be in the log.
            if start != nil, start != earlier, !history.started.contains(program) {
                self.unaccounted.append("\(program) is another process, and its supervisor knows of no start")
            }
        }
    }

    private mutating func countPauses(_ history: ProgramHistory, _ ledger: AuthorityLedger) {
        for program in history.paused {
            let (pauses, resumes) = (history.pauses(of: program), history.resumes(of: program))
            let (mayPause, mayResume) = (ledger.pauses(of: program), ledger.resumes(of: program))
            if pauses > mayPause {
                self.unaccounted.append("\(program) was held still \(pauses) times, \(mayPause) allowed")
            }
            if resumes > mayResume {
                self.unaccounted.append("\(program) was resumed \(resumes) times, \(mayResume) allowed")
            }
        }
    }

    private mutating func countGrants(_ granted: [GrantedRun], _ done: [RanAction]) {
        let uses = Dictionary(grouping: granted.flatMap(\.grants)) { $0 }.mapValues(\.count)
        for (grant, count) in uses where count > 1 { self.unaccounted.append("grant \(grant) was used \(count) times") }
        for (action, runs) in Dictionary(grouping: done, by: \.action) {
            let paid = granted.count { $0.action == action }
            if runs.count > paid {
                self.unaccounted.append("\(action) was done \(runs.count) times for \(paid) grants")
            }
        }
    }
}
