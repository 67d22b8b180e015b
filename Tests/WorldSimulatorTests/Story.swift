import OpsModel
import OpsService

@testable import ActionPlane
@testable import ChaosServer
@testable import ControlPlane

/// One world from its beginning to its rest.
struct Story: Sendable {
    /// How many moves are made before all calms down, and how many are drawn at most: some are not possible when they are drawn.
    static let length = 250
    static let draws = 4 * length
    /// How long after the end of the longest lease nothing of ours may be left.
    static let bound = 15 * Lab.second

    var violation: String?
    /// The moves that were drawn; also one that leads to nothing may begin to wait for something.
    var moves: [Move] = []
    var steps = 0
    var strikes = 0
    var transcript: [String] = []
    var coverage: Coverage?

    /// Draws a story.
    init(seed: UInt64, mutant: Mutant? = nil, isTelling: Bool = false, coverage: Coverage? = nil) {
        var generator = SeededGenerator(seed: seed)
        let temper = Temper(&generator)
        let lab = Lab(mutant: mutant, isTelling: isTelling, coverage: coverage)
        for _ in 0..<Self.draws where lab.violation == nil && steps < Self.length {
            let move = Move(kind: temper.draw(lab.actors, &generator), seed: generator.next())
            moves.append(move)
            if lab.make(move) { steps += 1 }
        }
        end(lab, isGentle: Self.isGentle(seed))
    }

    /// Whether those who are held still go on when all calms down; in every other world they never do.
    static func isGentle(_ seed: UInt64) -> Bool { seed.isMultiple(of: 2) }

    /// Repeats a story of which some moves may be left out.
    init(moves: [Move], isGentle: Bool, mutant: Mutant? = nil, isTelling: Bool = false) {
        let lab = Lab(mutant: mutant, isTelling: isTelling, coverage: nil)
        for move in moves where lab.violation == nil {
            self.moves.append(move)
            if lab.make(move) { steps += 1 }
        }
        end(lab, isGentle: isGentle)
    }

    private mutating func end(_ lab: Lab, isGentle: Bool) {
        if lab.violation == nil { steps += lab.calmDown(isGentle: isGentle) }
        violation = lab.violation
        strikes = lab.strikes
        transcript = lab.transcript ?? []
        coverage = lab.coverage
    }
}

extension Lab {
    /// Nothing disturbs any more, everybody gets their turn, and after a while nothing of ours may be left.
    ///
    /// - Returns: how many steps were made.
    func calmDown(isGentle: Bool) -> Int {
        heal(isGentle: isGentle)
        let kept = Set(holders.filter { isRunning($0.pid) }.map(\.fault))
        let longest = faults.filter { $0.boot == boot }.map(\.deadline).max() ?? 0
        let end = max(now, longest) + Story.bound
        var steps = 0
        var rounds: UInt64 = 0
        while violation == nil, now < end + 2 * Story.bound, !isAtRest {
            if now >= end { judgeResidue(kept) }
            for actor in actors where violation == nil {
                rounds += 1
                chance = SeededGenerator(seed: rounds)
                if step(actor) { steps += 1 }
            }
            pass(100 * Lab.millisecond)
        }
        if violation == nil {
            judgeResidue(kept)
            judgeRuns()
        }
        return steps
    }

    private func heal(isGentle: Bool) {
        tell("all calms down")
        isCalm = true
        isDiskFull = false
        failingWrite = nil
        isTargetAway = false
        isDatabaseAway = false
        while outsiderLeaves() {}
        let mustGoOn = [plane.pid, gate.pid]
        for pid in lives.indices where lives[pid] == .stopped && (isGentle || mustGoOn.contains(pid)) {
            lives[pid] = .running
        }
    }

    private var isAtRest: Bool {
        let isServerAtRest =
            isRunning(server?.pid) && server?.isSweeping == false && server?.bringing == nil && openFaults.isEmpty
            && !holders.contains { isAlive($0.pid) }
        return (isServerAtRest || isForsaken) && !undos.contains { $0.verdict == nil && isRunning($0.pid) }
            && isRunning(plane.pid) && plane.workers.isEmpty && plane.recovering.isEmpty && plane.resuming == nil
            && gate.outbox.isEmpty && gate.errand == nil
    }

    /// Whether nobody of the injector's will move any more: the server is held still for ever, and there is no guard to end it.
    private var isForsaken: Bool {
        lives[server?.pid ?? 0] == .stopped && !isRunning(guardian?.pid) && !holders.contains { isRunning($0.pid) }
            && resources.allSatisfy { $0.endsAt == .max }
    }

    /// Whoever of server, guard and holder is left ends a fault alone.
    ///
    /// A server that is held still for ever, with no guard to end it, leaves the faults to those of their holders that were
    /// running, the `kept` ones, and what is held to kernel and database. Nothing of a fault that was never applied is there then;
    /// its record stays open, until somebody starts the server again or takes it back in a shell.
    private func judgeResidue(_ kept: Set<Int>) {
        let isWatched = lives[server?.pid ?? 0] != .stopped
        for resource in resources {
            guard case .fault(let fault) = resource.author, isWatched || kept.contains(fault) || resource.kind.isHeld
            else { continue }
            broke("at rest the \(resource.kind) is still as a fault left it")
        }
        if isWatched, !openFaults.isEmpty { broke("at rest a fault is still open") }
    }

    /// What was begun has an end, and the same one wherever it is told.
    private func judgeRuns() {
        if !plane.ledger.open.isEmpty { broke("at rest a run of ActionPlane's has no end") }
        for record in gate.records {
            if record.execution != nil { broke("at rest a step is ordered and nobody carries it out") }
            for (key, state) in plane.ends {
                // A refusal for the moment is no end: a request that was late may still have been taken.
                if let told = record.told(of: key), told != state, told != .refused {
                    broke("the gate tells another end than there was")
                }
            }
        }
    }
}
