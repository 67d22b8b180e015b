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
    private var exchange: FileExchange { FileExchange(path: self.path, staged: self.staged) }

    /// The file is exchanged, and exchanged back when what came out is not what was compared.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        do throws(SystemError) {
            try self.exchange.settle([self.before, self.ours])
            switch decide(try self.exchange.live()) {
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
            guard try self.exchange.put(content, for: [self.before]) == nil else {
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
        if let theirs = try self.exchange.put(old, for: [self.ours, self.before]) { return .superseded(seen: theirs) }
        // Nothing was deployed, then: but whatever came after it stays in its place.
        if try self.history.versions().first == self.version { try self.history.forget(self.version) }
        try FileSystem.remove(self.kept)
        return .reverted
    }
}
