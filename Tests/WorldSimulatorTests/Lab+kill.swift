@testable import ChaosServer

/// Somebody who presses the kill switch by any of its doors, as `KillSwitch.press` does.
struct KillPress: Sendable {
    var pid: Int
    var isLatched = false
    /// What was open when that was looked up; nil before.
    var found: [Int]?
    var undos: [Int] = []
    var until: UInt64 = 0
}

extension Lab {
    func pressKill() {
        presses.append(KillPress(pid: spawn()))
        tell("somebody presses the kill switch")
    }

    func stepKill(_ index: Int) -> Bool {
        let press = presses[index]
        guard isRunning(press.pid) else { return false }
        if !press.isLatched {
            if mutant != .killWithoutLatch { raiseLatch(by: "ann") }
            presses[index].isLatched = true
            tell("the latch is closed")
        } else if press.found == nil {
            presses[index].found = openFaults
            presses[index].undos = openFaults.map { startUndo(of: $0, .kill) }
            presses[index].until = now + Lab.second
        } else {
            guard now >= press.until || press.undos.allSatisfy({ !isAlive($0) }) else { return false }
            let isClean = (press.found ?? []).allSatisfy { faults[$0].record.verdict?.isFinal == true }
            coverage?.add("kill", "answer", isClean ? "clean" : "pending")
            if isClean, latch != nil || mutant == .killWithoutLatch { hasCleanKill = true }
            tell("the kill switch answers: \(isClean ? "clean" : "not clean yet")")
            end(press.pid)
        }
        return true
    }

    /// A person lets work go on, naming the kill that stopped it.
    func resume() {
        let kill = "kill-\(draw(4) == 0 ? kills + 1 : kills)"
        let open = openFaults.map { faults[$0].id }
        let refusal = Latch.refusal(of: latch, killID: kill, reason: "drill over", open: open, force: false)
        coverage?.add("latch", "resume", refusal.map { "\($0)" } ?? "open")
        guard refusal == nil else { return }
        latch = nil
        hasCleanKill = false
        tell("work goes on")
    }
}
