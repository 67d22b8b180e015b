import OpsModel
import OpsRuntime
import OpsSystem

/// Entries of a cache that the target promised to keep because of a flag that was turned: its own work, made at the fault's word.
///
/// There were none when the fault began. Taking it back means taking them away, after the flag: they can be made again. A repair leaves
/// none, so whatever is found was promised by the fault, also in a directory that somebody has put in the place of the first.
struct PromiseChange: Codable, Hashable, Sendable, Reversible {
    /// A request that was under way when the flag was turned back may still leave one behind.
    private static let settling: Duration = .milliseconds(300)
    /// How long promises may go on coming before they are somebody else's.
    private static let patience: Duration = .seconds(3)

    /// The cache's directory; who clears it while the flag is on gets another one with new promises of ours.
    var path: String

    var before: Fingerprint { .of("no entry is promised") }
    var ours: Fingerprint { .of("entries are promised") }
    var mark: FaultMark { FaultMark(.entries, self.path) }
    var undoing: String { "entries that were promised to stay meanwhile are taken away" }

    /// An entry is put in its place whole and never changed, so that one which is seen can be removed.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let start = BootClock.now()
        var quietSince = start
        var hasRemoved = false
        do throws(SystemError) {
            while true {
                let found = try PromisedEntries(directory: self.path).paths()
                switch decide(found.isEmpty ? self.before : self.ours) {
                case .leaveSuperseded(let seen): return .superseded(seen: seen)
                case .retry: return .pending(waitsFor: self.path)
                case .restore:
                    for path in found { try FileSystem.remove(path) }
                    hasRemoved = true
                    quietSince = BootClock.now()
                case .leaveClean: break
                }
                let now = BootClock.now()
                if now - quietSince >= Self.settling.nanoseconds { return hasRemoved ? .reverted : .alreadyClean }
                guard now - start < Self.patience.nanoseconds else { return .superseded(seen: self.ours) }
                _ = Descriptors.ready([], milliseconds: 50)
            }
        } catch {
            throw ChaosError(.targetUnavailable, error.message)
        }
    }
}
