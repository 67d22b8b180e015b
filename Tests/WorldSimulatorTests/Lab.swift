import OpsModel
import OpsRuntime
import OpsService

@testable import ActionPlane
@testable import ChaosServer
@testable import ControlPlane

/// One small world in which the real deciders of injector, ActionPlane and gate meet, and whatever can go wrong between them.
///
/// Nothing here decides what a product decides: it carries out what the state machines say, step by step, so that anything may
/// come between any two steps. All chance comes from the move that is being made.
final class Lab {
    /// Nanoseconds of boot clock in a millisecond.
    static let millisecond: UInt64 = 1_000_000
    static let second = 1_000 * millisecond

    let mutant: Mutant?
    /// Chance of the present move.
    var chance = SeededGenerator(seed: 0)
    /// The true time, which nobody can set.
    var elapsed: UInt64 = 100 * Lab.second
    var bootedAt: UInt64 = 0
    var boot = 1
    /// By how many seconds the wall clock was set wrong.
    var wallJump = 0.0

    // Processes, by number; a number is never used again, so it stands for a pid and its start time.
    var lives: [Life] = []
    /// When each process was last heard to speak.
    var spoke: [UInt64] = []
    /// The last word of each process, counted over all words.
    var words: [Int] = []
    var lastWord = 0

    var resources = ResourceKind.allCases.map(Resource.init)
    var faults: [FaultOnDisk] = []
    var latch: Latch?
    var kills = 0
    /// The clean kill after which nothing may come into the world.
    var hasCleanKill = false
    var isDiskFull = false
    /// The next line that somebody writes fails; true when it is on disk all the same.
    var failingWrite: Bool?
    var isTargetAway = false
    var isDatabaseAway = false

    var server: Server?
    var guardian: Guardian?
    var holders: [Holder] = []
    var undos: [UndoProcess] = []
    var presses: [KillPress] = []
    var plane = Plane()
    var gate = Gate()

    var isCalm = false
    var strikes = 0
    private(set) var violation: String?
    var transcript: [String]?
    var coverage: Coverage?

    init(mutant: Mutant?, isTelling: Bool, coverage: Coverage?) {
        self.mutant = mutant
        transcript = isTelling ? [] : nil
        self.coverage = coverage
        startServer()
        startPlane()
        startGate()
        gate.agent = spawn()
        // Nothing lies open, so it listens at once, and starts its guard.
        _ = step(.server) && step(.serverWatch)
    }

    var now: UInt64 { elapsed - bootedAt + 10 * Lab.second }
    var wall: Timestamp { Timestamp(microseconds: 1_800_000_000_000_000 + Int64(elapsed / 1_000)) + wallJump }

    func tell(_ words: @autoclosure () -> String) {
        guard transcript != nil else { return }
        let milliseconds = (elapsed - 100 * Lab.second) / Lab.millisecond
        transcript?.append("\(milliseconds) ms: \(words())")
    }

    /// Notes the first promise that was broken.
    func broke(_ promise: String) {
        if violation == nil {
            violation = promise
            tell("BROKEN: \(promise)")
        }
    }

    /// A number from 0 up to, not including, `count`.
    func draw(_ count: Int) -> Int { Int(chance.next() % UInt64(count)) }

    /// True about once in `count` times, and never once all is calm.
    func hazard(_ count: Int) -> Bool { draw(count) == 0 && !isCalm }

    // MARK: Processes

    func spawn() -> Int {
        lives.append(.running)
        spoke.append(elapsed)
        words.append(lastWord)
        return lives.count - 1
    }

    /// A process gives a sign of life to whoever listens.
    func speak(_ pid: Int) {
        lastWord += 1
        words[pid] = lastWord
        spoke[pid] = elapsed
    }

    func isRunning(_ pid: Int?) -> Bool { pid.map { lives[$0] == .running } ?? false }
    func isAlive(_ pid: Int?) -> Bool { pid.map { lives[$0] != .dead } ?? false }

    /// A process ends, by whatever way: the kernel drops its locks, its sessions follow.
    func end(_ pid: Int?) {
        guard let pid, lives[pid] != .dead else { return }
        lives[pid] = .dead
        for index in resources.indices {
            if resources[index].lock?.pid == pid { resources[index].lock = nil }
            if resources[index].keeper == pid {
                resources[index].endsAt = min(resources[index].endsAt, elapsed + resources[index].kind.lingering)
            }
        }
        for index in faults.indices where faults[index].undoWriter == pid { faults[index].undoWriter = nil }
        plane.epochHolds.removeAll { $0.pid == pid }
    }

    // MARK: Time

    func pass(_ nanoseconds: UInt64) {
        elapsed += nanoseconds
        if !canCommit { gate.deaf += nanoseconds }
        for index in resources.indices where elapsed >= resources[index].endsAt { loseHeld(index) }
    }

    /// The kernel, or the database, takes away what nobody keeps any more.
    private func loseHeld(_ index: Int) {
        resources[index].endsAt = .max
        resources[index].keeper = nil
        guard case .fault = resources[index].author else { return }
        resources[index].value = resources[index].before
        resources[index].author = .baseline
        tell("\(resources[index].kind) lets go by itself")
    }
}

enum Life: Hashable, Sendable { case running, stopped, dead }

/// Who holds a lock: a process, and which part of it.
struct Owner: Hashable, Sendable {
    var pid: Int
    var part = 0
}
