import OpsModel
import OpsSystem
import OpsTrust

/// A provider's list of the keys that it takes, without one that was on it.
///
/// Both lists are known before the change is made and hold digests only, so the record has them whole.
struct KeyListChange: Codable, Hashable, Sendable, Reversible {
    var path: String
    /// A private name beside it, used while a list is put in place.
    var staged: String
    var old: String
    var new: String

    var before: Fingerprint { .of(self.old) }
    var ours: Fingerprint { .of(self.new) }
    var mark: FaultMark { FaultMark(.file, self.path, fingerprint: self.ours.rawValue) }
    var undoing: String { "the list is put back whole, if what is there is still the fault's" }
    private var exchange: FileExchange { FileExchange(path: self.path, staged: self.staged) }

    /// The list is exchanged, and exchanged back when what came out is not what was compared.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        do throws(SystemError) {
            try self.exchange.settle([self.before, self.ours])
            switch decide(try self.exchange.live()) {
            case .leaveClean: return .alreadyClean
            case .leaveSuperseded(let seen): return .superseded(seen: seen)
            case .retry: return .pending(waitsFor: self.path)
            case .restore:
                let theirs = try self.exchange.put(Array(self.old.utf8), for: [self.ours, self.before])
                return theirs.map { .superseded(seen: $0) } ?? .reverted
            }
        } catch {
            throw ChaosError(.targetUnavailable, error.message)
        }
    }

    /// Puts the new list in place of exactly what the plan saw.
    func apply() throws(ChaosError) {
        do throws(SystemError) {
            guard try self.exchange.live() == self.before,
                try self.exchange.put(Array(self.new.utf8), for: [self.before]) == nil
            else { throw SystemError(.failed, "\(self.path) was changed in the same moment") }
        } catch {
            throw ChaosError(.notApplied, error.message, hint: "ask again")
        }
    }

    /// The list as it is now.
    func list() throws(ChaosError) -> AcceptedKeys {
        do throws(SystemError) { return AcceptedKeys(text: try FileSystem.text(self.path)) } catch {
            throw ChaosError(.targetUnavailable, error.message)
        }
    }
}
