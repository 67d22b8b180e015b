@testable import ChaosServer

/// What comes from outside; each only where it changes something.
extension Lab {
    func strike(_ disturbance: Disturbance) -> Bool {
        guard carryOut(disturbance) else { return false }
        coverage?.strike(disturbance.rawValue)
        strikes += 1
        return true
    }

    private func carryOut(_ disturbance: Disturbance) -> Bool {
        switch disturbance {
        case .kill: return signal("SIGKILL", [.running, .stopped]) { self.end($0) }
        case .stop: return signal("SIGSTOP", [.running]) { self.lives[$0] = .stopped }
        case .goOn: return signal("SIGCONT", [.stopped]) { self.lives[$0] = .running }
        case .reboot: return reboot()
        case .diskFull: return set(\.isDiskFull, true, "the disk is full")
        case .diskFree: return set(\.isDiskFull, false, "the disk has room")
        case .lineFails:
            guard failingWrite == nil else { return false }
            failingWrite = draw(2) == 0
        case .targetAway: return set(\.isTargetAway, true, "the target's database is away")
        case .targetBack: return set(\.isTargetAway, false, "the target's database is back")
        case .targetForgets: return forget()
        case .databaseAway:
            // A lost connection lets the epoch's row go.
            plane.epochHolds = []
            return set(\.isDatabaseAway, true, "the gate's database is away")
        case .databaseBack: return set(\.isDatabaseAway, false, "the gate's database is back")
        case .clockForward: return jump(by: 3_600)
        case .clockBack: return jump(by: -3_600)
        case .sleep:
            pass(20 * Lab.second)
            tell("the whole machine slept")
        case .outsiderLocks: return outsiderLocks()
        case .outsiderLeaves: return outsiderLeaves()
        case .killSwitch:
            guard presses.count < 3 else { return false }
            pressKill()
        case .resume:
            guard latch != nil else { return false }
            resume()
        case .shellRevert:
            guard let fault = openFaults.last else { return false }
            tell("somebody takes \(faults[fault].id) back in a shell")
            startUndo(of: fault, .request)
        case .duplicate: return duplicate()
        case .lose: return lose()
        case .copy: return copy()
        }
        return true
    }

    private func set(_ path: ReferenceWritableKeyPath<Lab, Bool>, _ value: Bool, _ words: String) -> Bool {
        guard self[keyPath: path] != value else { return false }
        self[keyPath: path] = value
        tell(words)
        return true
    }

    // MARK: Processes

    private var processes: [(name: String, pid: Int)] {
        var found: [(String, Int)] = [("ActionPlane", plane.pid), ("the gate", gate.pid)]
        if let server { found.append(("the server", server.pid)) }
        if let guardian { found.append(("the guard", guardian.pid)) }
        if let agent = gate.agent { found.append(("the agent", agent)) }
        for holder in holders { found.append(("a holder", holder.pid)) }
        for undo in undos where !undo.isInHolder { found.append(("an undo", undo.pid)) }
        for press in presses { found.append(("a kill", press.pid)) }
        return found
    }

    private func signal(_ name: String, _ lives: [Life], _ body: (Int) -> Void) -> Bool {
        let found = processes.filter { lives.contains(self.lives[$0.pid]) }
        guard !found.isEmpty else { return false }
        let chosen = found[draw(found.count)]
        tell("\(name) to \(chosen.name), \(chosen.pid)")
        coverage?.strike("\(name) \(chosen.name)")
        body(chosen.pid)
        return true
    }

    /// Everything ends at once, rules and sessions too; what is on disk stays.
    private func reboot() -> Bool {
        guard boot < 3, draw(4) == 0 else { return false }
        for pid in lives.indices { end(pid) }
        boot += 1
        bootedAt = elapsed
        plane.requests = []
        plane.answers = []
        for index in resources.indices where resources[index].kind.isHeld { resources[index].endsAt = elapsed }
        pass(3 * Lab.second)
        tell("the machine starts again")
        return true
    }

    private func forget() -> Bool {
        let held = resources.indices.filter { resources[$0].endsAt != .max }
        guard !held.isEmpty else { return false }
        resources[held[draw(held.count)]].endsAt = elapsed
        tell("the target is started anew, and what was held is gone")
        pass(0)
        return true
    }

    private func jump(by seconds: Double) -> Bool {
        guard abs(wallJump + seconds) <= 3_600 else { return false }
        wallJump += seconds
        tell("the wall clock jumps by \(Int(seconds)) s")
        return true
    }

    private func outsiderLocks() -> Bool {
        let index = draw(resources.count)
        guard resources[index].lock == nil else { return false }
        resources[index].lock = Owner(pid: spawn(), part: 9)
        tell("somebody else holds the \(resources[index].kind)")
        return true
    }

    func outsiderLeaves() -> Bool {
        guard let index = resources.firstIndex(where: { $0.lock?.part == 9 }) else { return false }
        end(resources[index].lock?.pid)
        return true
    }

    // MARK: Messages

    private func duplicate() -> Bool {
        if !plane.requests.isEmpty {
            plane.requests.append(plane.requests[draw(plane.requests.count)])
        } else if !plane.answers.isEmpty {
            plane.answers.append(plane.answers[draw(plane.answers.count)])
        } else {
            return false
        }
        tell("a message comes twice")
        return true
    }

    private func lose() -> Bool {
        if !plane.requests.isEmpty {
            plane.requests.remove(at: draw(plane.requests.count))
        } else if !plane.answers.isEmpty {
            plane.answers.remove(at: draw(plane.answers.count))
        } else {
            return false
        }
        tell("a message is lost")
        return true
    }

    /// Whoever has got hold of a grant sends it under a name of their own, before the gate does or after.
    private func copy() -> Bool {
        let grants = gate.grants.keys.sorted()
        guard !grants.isEmpty else { return false }
        let grant = grants[draw(grants.count)]
        plane.requests.append(Request(key: "copy \(strikes)", grant: grant))
        tell("somebody else sends \(grant)")
        return true
    }
}
