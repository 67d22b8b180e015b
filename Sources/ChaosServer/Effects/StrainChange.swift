import OpsModel
import OpsRuntime
import OpsSystem

/// A process of the target that is under a strain because of us.
///
/// It ends with the holder's connection to the process, at once when the holder is killed, and after three seconds when it is
/// only stopped. Ours is one incarnation: a restart by anybody ends what was done to it.
struct StrainChange: Codable, Hashable, Sendable, Reversible {
    /// The kinds that the target knows.
    enum Kind: String, Codable, Hashable, Sendable {
        case delay, connections, workers, memory, descriptors, clock
        case wrongAmounts = "wrong-amounts"
    }

    /// How long the process keeps what nobody asks for again.
    static let timeToLiveS = 3.0
    private static let patience: UInt64 = 4_000_000_000

    var place: StrainPlace
    /// The incarnation that comes under it.
    var process: ProcessIdentity
    var token: String
    var kind: Kind
    /// In the kind's own unit: milliseconds, mebibytes, seconds, charges of a hundred, or a number of things.
    var amount: Int

    var isHeld: Bool { true }
    var before: Fingerprint { Fingerprint(rawValue: "at ease") }
    var ours: Fingerprint { Fingerprint(rawValue: "under \(self.token)") }
    var mark: FaultMark { FaultMark(.strain, self.place.program) }
    var undoing: String { "the process is told to let go, if it is still the same" }

    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let client = StrainClient(socket: self.place.socket)
        switch decide(try self.live(client)) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "an answer of \(self.place.program)")
        case .restore: return try self.end(client)
        }
    }

    /// What a process is under is its own word; one that ended is under nothing any more.
    private func live(_ client: StrainClient) throws(ChaosError) -> Fingerprint? {
        let answer = try? client.look()  // none while it is held still, down or too busy
        if let answer, answer.held.contains(where: { $0.token == self.token }) { return self.ours }
        let state = try TargetSupervisor(self.place.supervisor).state(of: self.place.program)
        guard let live = state.identity else {
            return state.phase == .unknown ? nil : Fingerprint(rawValue: "ended since")
        }
        guard live == self.process else { return Fingerprint(rawValue: "started anew since") }
        return answer.map { self.isInForce(in: $0) ? self.ours : self.before }
    }

    /// While it lets go of what it held it is not clean yet.
    private func isInForce(in state: StrainState) -> Bool {
        state.held.contains { $0.token == self.token } || state.reached[self.kind.rawValue, default: 0] > 0
    }

    private func end(_ client: StrainClient) throws(ChaosError) -> EffectOutcome {
        let limit = BootClock.now() + Self.patience
        while BootClock.now() < limit {
            guard self.isInForce(in: try client.end(self.token)) else { return .reverted }
            _ = Descriptors.ready([], milliseconds: 20)
        }
        return .pending(waitsFor: "\(self.place.program) to let go of its \(self.kind.rawValue)")
    }
}
