import OpsModel
import OpsSystem

/// What is done for a target that does not get well by itself when a fault is over: part of its customers' requests are turned
/// away for a while.
///
/// Of the fault itself nothing is left that could be taken away; what is compared is whether the directory's users have filled it
/// again. The target keeps the relief and its end, so that it lasts no longer when whoever asked for it is gone.
struct ReliefChange: Codable, Hashable, Sendable, Reversible {
    static let percent = 85
    static let seconds = 24.0

    /// The directory that was emptied.
    var path: String
    /// How many entries it had.
    var entries: Int
    /// Where the programs that fill it can be asked.
    var sockets: [String]
    var token: String

    var before: Fingerprint { .of("entries are there") }
    var ours: Fingerprint { .of("entries are missing") }
    var mark: FaultMark { FaultMark(.entries, self.path) }
    var isRelief: Bool { true }
    var undoing: String {
        "if entries are still missing, \(Self.percent) % of the requests are turned away for \(Int(Self.seconds)) s, less and less"
    }

    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        switch decide(self.live) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: self.path)
        case .restore: return try self.relieve()
        }
    }

    /// Half of them are enough: what few people ask for takes long to come back.
    private var live: Fingerprint {
        // One that is not there has no entries.
        let count = (try? FileSystem.list(self.path))?.count { $0.hasSuffix(".entry") } ?? 0
        return 2 * count >= self.entries ? self.before : self.ours
    }

    /// A program that does not answer has nothing to be relieved of; where none answers it is tried again.
    private func relieve() throws(ChaosError) -> EffectOutcome {
        var failure: ChaosError?
        var relieved = 0
        for socket in self.sockets {
            let client = StrainClient(socket: socket)
            do throws(ChaosError) {
                // An undo that was cut off may have asked already: it is not given twice.
                if try !client.look().held.contains(where: { $0.token == self.token }) {
                    _ = try client.relieve(self.token, percent: Self.percent, seconds: Self.seconds)
                }
                relieved += 1
            } catch {
                failure = error
            }
        }
        if relieved == 0, let failure { throw failure }
        return .reverted
    }
}
