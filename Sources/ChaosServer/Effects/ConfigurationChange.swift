import Glibc
import OpsModel
import OpsRuntime
import OpsSystem

/// Other content of a configuration file, deployed as an operator would, with a version in its history.
///
/// The file may hold secrets, so no record has its content: what was there is kept in a private file of the injector's until
/// the undo is done.
struct ConfigurationChange: Codable, Hashable, Sendable, Reversible {
    var path: String
    var history: ConfigurationHistory
    /// A private name beside it, at which a content lies before and after the exchange.
    var staged: String
    /// The injector's copy of what was there.
    var kept: String
    /// The number under which the history gets what was there.
    var version: Int
    var before: Fingerprint
    var ours: Fingerprint

    var mark: FaultMark { FaultMark(.file, self.path, fingerprint: self.ours.rawValue) }
    var undoing: String { "the earlier content is put back whole, if what is there is still the fault's" }
    /// A content that is not whole yet: it is never exchanged.
    private var unfinished: String { "\(self.staged)-new" }

    /// The file is exchanged, and exchanged back when what came out is not what was compared.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        do throws(SystemError) {
            try self.settleStaged()
            let live: Fingerprint = try FileSystem.exists(self.path) ? self.fingerprint(self.path) : .absent
            switch decide(live) {
            case .retry: return .pending(waitsFor: self.path)
            case .restore: return try self.restore()
            case .leaveClean:
                try FileSystem.remove(self.kept)
                return .alreadyClean
            case .leaveSuperseded(let seen):
                try FileSystem.remove(self.kept)
                return .superseded(seen: seen)
            }
        } catch {
            throw ChaosError(.targetUnavailable, error.message)
        }
    }

    /// Puts new content in place of exactly what the plan saw.
    func apply(_ content: [UInt8]) throws(ChaosError) {
        do throws(SystemError) {
            let old = try FileSystem.read(self.path)
            guard Fingerprint.of(old) == self.before else {
                throw SystemError(.failed, "\(self.path) changed meanwhile")
            }
            try FileSystem.makeDirectory(FileSystem.parent(of: self.kept), mode: 0o700)
            try FileSystem.writeAtomically(old, to: self.kept, mode: 0o600)
            guard try self.exchange(content, for: [self.before]) == nil else {
                throw SystemError(.failed, "\(self.path) changed in the same moment")
            }
            guard try self.history.keep(old, sha256: self.before.rawValue, author: "deploy") == self.version else {
                throw SystemError(.failed, "\(self.path) was deployed by somebody else in the same moment")
            }
        } catch {
            throw ChaosError(.notApplied, error.message)
        }
    }

    private func restore() throws(SystemError) -> EffectOutcome {
        // Unreadable, or another: nothing that could be put back.
        guard let old = try? FileSystem.read(self.kept), Fingerprint.of(old) == self.before else {
            return .failed(remedy: "the copy of \(self.path) is lost: put version \(self.version) of its history back")
        }
        if let theirs = try self.exchange(old, for: [self.ours, self.before]) { return .superseded(seen: theirs) }
        // Nothing was deployed, then: but whatever came after it stays in its place.
        if try self.history.versions().first == self.version { try self.history.forget(self.version) }
        try FileSystem.remove(self.kept)
        return .reverted
    }

    /// Gives what came out instead of what was expected, after having put that back; nil when all went well.
    private func exchange(_ content: [UInt8], for expected: Set<Fingerprint>) throws(SystemError) -> Fingerprint? {
        try self.stage(content)
        try FileSystem.exchange(self.staged, self.path)
        let found = try self.fingerprint(self.staged)
        let isExpected = expected.contains(found)
        if !isExpected { try FileSystem.exchange(self.staged, self.path) }
        try FileSystem.remove(self.staged)
        return isExpected ? nil : found
    }

    private func stage(_ content: [UInt8]) throws(SystemError) {
        var status = stat()
        guard stat(self.path, &status) == 0 else { throw SystemError(errno: errno, doing: "look at \(self.path)") }
        try FileSystem.remove(self.unfinished)
        let file = try FileDescriptor(opening: self.unfinished, O_WRONLY | O_CREAT | O_EXCL)
        try file.write(content, doing: "write \(self.staged)")
        // Another user's file becomes ours; what it may be read by must stay.
        _ = fchown(file.raw, uid_t.max, status.st_gid)
        _ = fchmod(file.raw, status.st_mode & 0o7777)
        try file.sync(doing: "sync \(self.staged)")
        try FileSystem.move(self.unfinished, to: self.staged)
    }

    /// Removes what a holder or an undo that died has left; what somebody else had written goes back to where it was.
    private func settleStaged() throws(SystemError) {
        try FileSystem.remove(self.unfinished)
        guard FileSystem.exists(self.staged) else { return }
        let known = [self.before, self.ours]
        let (staged, live) = (try self.fingerprint(self.staged), try self.fingerprint(self.path))
        if !known.contains(staged), known.contains(live) {
            try FileSystem.exchange(self.staged, self.path)
        }
        try FileSystem.remove(self.staged)
    }

    private func fingerprint(_ path: String) throws(SystemError) -> Fingerprint {
        .of(try FileSystem.read(path, limit: 1 << 20))
    }
}
