import OpsSystem
import Synchronization

/// Which strains are on: each until its time is over, its connection ends, or somebody ends it.
final class StrainBoard: Sendable {
    private struct Held {
        var strain: Strain
        /// The connection that asked for it.
        var owner: Int
        /// By the boot clock.
        var until: UInt64
    }

    private struct State {
        var held: [String: Held] = [:]
        var reached: [Strain.Kind: Int] = [:]
    }

    static let most = 16

    /// One element for each change, for whoever brings strains about.
    let changes: AsyncStream<Void>
    private let changed: AsyncStream<Void>.Continuation
    private let state = Mutex(State())

    init() { (self.changes, self.changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// Takes a strain on, or prolongs it; answers what is wrong with it.
    func set(_ strain: Strain, owner: Int, now: UInt64 = BootClock.now()) -> String? {
        if let problem = strain.problem { return problem }
        let isTaken = self.state.withLock { state in
            guard state.held[strain.token] != nil || state.held.count < Self.most else { return false }
            state.held[strain.token] = Held(strain: strain, owner: owner, until: now + UInt64(strain.seconds * 1e9))
            return true
        }
        self.changed.yield()
        return isTaken ? nil : "no more than \(Self.most) at a time"
    }

    func end(token: String) { self.end { $0.strain.token == token } }

    /// What a connection asked for ends with it.
    func end(owner: Int) { self.end { $0.owner == owner && $0.strain.kind.endsWithItsAsker } }

    private func end(_ isMeant: (Held) -> Bool) {
        self.state.withLock { state in
            for (token, held) in state.held where isMeant(held) { state.held[token] = nil }
        }
        self.changed.yield()
    }

    /// How much of a kind is asked for now; 0 when nothing is.
    func amount(_ kind: Strain.Kind, now: UInt64 = BootClock.now()) -> Int {
        self.state.withLock { state in
            guard !state.held.isEmpty else { return 0 }
            return state.held.values.filter { $0.strain.kind == kind && $0.until > now }.map(\.strain.amount).max() ?? 0
        }
    }

    /// The share of customers' requests to turn away now: what was asked for during the first half of its time, then evenly less.
    func relief(now: UInt64 = BootClock.now()) -> Double {
        self.state.withLock { state in
            guard !state.held.isEmpty else { return 0 }
            let shares = state.held.values.filter { $0.strain.kind == .relief && $0.until > now }.map { held in
                let left = Double(held.until - now) / 1e9
                return Double(held.strain.amount) / 100 * min(1, left / (held.strain.seconds / 2))
            }
            return shares.max() ?? 0
        }
    }

    /// Notes how much of a kind is in force.
    func note(_ kind: Strain.Kind, reached: Int) { self.state.withLock { $0.reached[kind] = reached } }

    /// Forgets what is over, and tells whether anything is asked for or in force.
    func isBusy(now: UInt64 = BootClock.now()) -> Bool {
        self.state.withLock { state in
            state.held = state.held.filter { $0.value.until > now }
            return !state.held.isEmpty || state.reached.values.contains { $0 > 0 }
        }
    }

    func answer(now: UInt64 = BootClock.now()) -> StrainAnswer {
        self.state.withLock { state in
            let held = state.held.values.filter { $0.until > now }.map { held in
                StrainAnswer.Entry(
                    token: held.strain.token,
                    kind: held.strain.kind,
                    amount: held.strain.amount,
                    reached: held.strain.kind.isImmediate ? held.strain.amount : state.reached[held.strain.kind] ?? 0
                )
            }
            return StrainAnswer(
                held: held.sorted { $0.token < $1.token },
                reached: Dictionary(state.reached.filter { $0.value > 0 }.map { ($0.key.rawValue, $0.value) }) { $1 }
            )
        }
    }
}
