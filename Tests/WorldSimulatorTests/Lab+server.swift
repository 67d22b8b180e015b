import OpsModel

@testable import ChaosServer

struct Server: Sendable {
    /// One fault that is being brought about.
    struct Bringing: Sendable {
        var fault: Int
        var machine = InjectionStateMachine()
        var next: InjectionStateMachine.Action
        /// Until when the present answer is waited for; nil before the question was asked.
        var until: UInt64?
        /// Since when the holder is seen to be held still.
        var stillSince: UInt64?
        /// The undo of what was refused.
        var undo: Int?
    }

    var pid: Int
    var watch = Watcher()
    var bringing: Bringing?
    var guardRetry: UInt64 = 0
    var guardSince: UInt64 = 0
    /// Undos of what an earlier life left open; nothing else begins before they are over, or late.
    var sweep: [Int] = []
    var sweepUntil: UInt64 = 0
    var isSweeping = true
}

/// The server: sweeps, admits, brings faults about.
extension Lab {
    /// The supervisor starts it; what lies open is taken back before anything listens.
    func startServer() {
        let pid = spawn()
        end(guardian?.pid)
        var server = Server(pid: pid)
        let found = faults.map { Sweep.Found(id: $0.id, fault: $0.record, bootID: "boot-\($0.boot)") }
        for order in Sweep(bootID: "boot-\(boot)").orders(for: found) {
            coverage?.add("sweep", order.isFromAnotherBoot ? "another boot" : "this boot", "\(order.cause)")
            server.sweep.append(startUndo(of: index(order.id), order.cause))
        }
        server.sweepUntil = now + 10 * Lab.second
        self.server = server
        tell("the server starts; \(server.sweep.count) faults lie open")
    }

    func stepServer() -> Bool {
        guard let server, isRunning(server.pid) else { return false }
        if server.isSweeping { return sweep(server) }
        guard let bringing = server.bringing else { return isCalm ? false : begin() }
        return bring(bringing)
    }

    private func sweep(_ server: Server) -> Bool {
        guard now >= server.sweepUntil || server.sweep.allSatisfy({ !isAlive($0) }) else { return false }
        self.server?.isSweeping = false
        tell("the server listens")
        for fault in openFaults {
            promise(fault, .server)
            tell(.asked(faults[fault].id), .server)
        }
        return true
    }

    // MARK: A fault begins

    /// What a fault's parameters are does not matter here; that they are within limits does.
    private static let parameters = try? Parameters([:], of: FaultCatalog.description(of: .databaseLock))

    private func begin() -> Bool {
        guard faults.count < 4, draw(2) == 0, let parameters = Self.parameters else { return false }
        let index = draw(resources.count)
        let leaseS = [2.0, 5, 10, 20][draw(4)]
        let resource = resources[index]
        let footprint = Footprint(id: "f\(faults.count)", resource: resource.shared)
        let running = openFaults.map { faults[$0].footprint }
        let limits = Admission.Limits(scope: ["api"], atMost: 2, longestS: 20)
        let refusal =
            Admission(limits: limits).check(
                target: "api",
                leaseS: leaseS,
                intensity: (.databaseLock, parameters),
                running: running,
                latch: latch,
                hasReserve: !isDiskFull
            ) ?? footprint.conflict(with: running)
        coverage?.add("admission", "asked", refusal.map { "\($0.code)" } ?? "admitted")
        guard refusal == nil else { return false }
        var machine = InjectionStateMachine()
        let next = machine.handle(.begin(isLatched: latch != nil))
        coverage?.add("injection", "begin", "\(next)")
        let deadline = now + UInt64(leaseS) * Lab.second
        faults.append(
            FaultOnDisk(
                id: footprint.id,
                resource: index,
                before: resource.value,
                ours: resource.kind == .process ? "down after \(resource.value)" : "broken by \(footprint.id)",
                deadline: deadline,
                boot: boot,
                wallDeadline: wall.secondsSinceEpoch + leaseS,
                isCondition: draw(2) == 0
            )
        )
        server?.bringing = .init(fault: faults.count - 1, machine: machine, next: next)
        tell("the server is asked for \(footprint.id): \(resource.kind), for \(Int(leaseS)) s")
        return true
    }

    private func answer(_ event: InjectionStateMachine.Event) {
        guard var bringing = server?.bringing else { return }
        bringing.next = bringing.machine.handle(event)
        coverage?.add("injection", "\(event)", "\(bringing.next)")
        bringing.until = nil
        server?.bringing = bringing
    }

    private func bring(_ bringing: Server.Bringing) -> Bool {
        let fault = bringing.fault
        switch bringing.next {
        case .askForPlan: askForPlan(fault)
        case .write(let step): writeLine(step, fault)
        case .askGuard: return askGuard(bringing)
        case .tellHolder:
            tell("the server tells the holder of \(faults[fault].id) to go")
            let isThere = holder(of: fault).map { isAlive(holders[$0].pid) } ?? false
            if let index = holder(of: fault) { holders[index].told = InjectionStateMachine.fence }
            answer(isThere ? .told : .failed)
        case .awaitEffect: return awaitEffect(bringing)
        case .watch:
            if let index = holder(of: fault), isAlive(holders[index].pid) {
                server?.watch.add(.holder(faults[fault].id), holders[index].pid, listening: true, at: now)
            }
            server?.bringing = nil
        case .refuse:
            end(holder(of: fault).map { holders[$0].pid })
            server?.bringing = nil
        case .undo: return takeBack(bringing)
        }
        return true
    }

    private func askForPlan(_ fault: Int) {
        guard !isDiskFull else { return answer(.failed) }
        let pid = spawn()
        var holder = Holder(pid: pid, fault: fault, parent: server?.pid ?? pid, since: now)
        holder.silence.hear(.server, at: now)
        if mutant == .effectBeforeItsLine { holder.told = InjectionStateMachine.fence }
        holders.append(holder)
        tell("the holder of \(faults[fault].id) is started and has a plan")
        answer(.planned)
    }

    private func writeLine(_ step: FaultStep, _ fault: Int) {
        if step != .intended { faults[fault].holder = holder(of: fault).map { holders[$0].pid } }
        guard write(step, of: fault, by: .server, orLatch: true) else { return answer(.failed) }
        tell("the server writes \(step)")
        if step != .intended { promise(fault, .server) }
        answer(.written)
    }

    private func askGuard(_ bringing: Server.Bringing) -> Bool {
        guard let until = bringing.until else {
            guard guardian != nil, isAlive(guardian?.pid) else {
                answer(.failed)
                return true
            }
            guardian?.inbox.append(.arm(fault: bringing.fault))
            server?.bringing?.until = now + 500 * Lab.millisecond
            return true
        }
        if guardian?.promised.contains(bringing.fault) == true {
            answer(.acknowledged)
        } else if now >= until {
            tell("the guard does not promise in time")
            answer(.failed)
        } else {
            return false
        }
        return true
    }

    private func awaitEffect(_ bringing: Server.Bringing) -> Bool {
        guard let index = holder(of: bringing.fault), isAlive(holders[index].pid) else {
            answer(.failed)
            return true
        }
        if holders[index].isAnnounced {
            answer(.applied)
            return true
        }
        let isStill = lives[holders[index].pid] == .stopped
        let until = bringing.until ?? now + 20 * Lab.second
        let since = bringing.stillSince ?? now
        server?.bringing?.until = until
        server?.bringing?.stillSince = isStill ? since : nil
        guard now >= until || isStill && now > since + Silence.limit else { return false }
        tell("the server hears nothing of the effect")
        answer(.failed)
        return true
    }

    /// Without a record there is nothing in the world; with one, only the undo can say.
    private func takeBack(_ bringing: Server.Bringing) -> Bool {
        let fault = bringing.fault
        guard let undo = bringing.undo else {
            end(holder(of: fault).map { holders[$0].pid })
            if faults[fault].record.isOpen {
                server?.bringing?.undo = startUndo(of: fault, .refused)
                server?.bringing?.until = now + 5 * Lab.second
            } else {
                server?.bringing = nil
            }
            return true
        }
        let isOver = !isAlive(undo)
        guard isOver || now >= bringing.until ?? 0 else { return false }
        server?.bringing = nil
        if isOver, undos.first(where: { $0.pid == undo })?.isOver == true { return true }
        promise(fault, .server)
        tell(.asked(faults[fault].id), .server)
        return true
    }
}
