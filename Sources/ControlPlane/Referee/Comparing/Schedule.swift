import OpsModel
import OpsSpec
import OpsSystem
import Synchronization

/// Hands out the runs that are left, each to one lab, and says how far the comparison is.
final class Schedule: Sendable {
    private struct State {
        var open: ArraySlice<(Tournament.Fixture, tries: Int)>
        var done = 0
    }

    /// How often a run that proves nothing is tried.
    static let tries = 2

    private let state: Mutex<State>
    private let total: Int
    private let left: Int
    private let start = ContinuousClock.now

    /// Leaves out what was judged before: a verdict, or as many runs that prove nothing as there are tries.
    init(all: [Tournament.Fixture], scenarios: [String], judged: [RunReport]) {
        let open = all.compactMap { fixture -> (Tournament.Fixture, tries: Int)? in
            let tries = Self.triesLeft(fixture, scenarios[fixture.scenario], judged)
            return tries > 0 ? (fixture, tries) : nil
        }
        total = all.count
        left = open.count
        state = Mutex(State(open: open[...]))
    }

    /// The next run that nobody has taken, and how often it may be tried.
    func next() -> (Tournament.Fixture, tries: Int)? { state.withLock { $0.open.popFirst() } }

    /// A line about a run that has just been judged, with how many of all are and how long the others may take.
    func line(_ text: String) -> String {
        let done = state.withLock { state in
            state.done += 1
            return state.done
        }
        let rest = (ContinuousClock.now - start).inSeconds / Double(done) * Double(left - done)
        return "\(total - left + done)/\(total)  \(text)" + (rest > 0 ? "  \(Self.minutes(rest)) left" : "")
    }

    static func triesLeft(_ fixture: Tournament.Fixture, _ scenario: String, _ judged: [RunReport]) -> Int {
        let runs = judged.filter {
            $0.agent == fixture.agent && $0.scenario == scenario
                && $0.seed == Int(truncatingIfNeeded: fixture.seed)
        }
        let hasVerdict = runs.contains { $0.verdict != Verdict.invalid.rawValue }
        return hasVerdict ? 0 : max(0, tries - runs.count)
    }

    static func minutes(_ seconds: Double) -> String {
        seconds < 90 ? "\(Int(seconds.rounded(.up))) s" : "\(Int((seconds / 60).rounded(.up))) min"
    }
}
