import OpsModel

@testable import ChaosServer

/// The injector's journals and its latch.
extension Lab {
    func index(_ fault: String) -> Int { faults.firstIndex { $0.id == fault } ?? 0 }

    var openFaults: [Int] { faults.indices.filter { faults[$0].record.isOpen } }

    /// Writes one line; false when the writer has to believe that it is not there.
    ///
    /// A log has room for an undo's lines from the start, so that a full disk stops only what is new.
    func write(_ step: FaultStep, of fault: Int, by writer: FaultStore.Writer, orLatch: Bool = false) -> Bool {
        if faults[fault].deadLogs.contains(writer) { return false }
        if let isThere = failingWrite {
            failingWrite = nil
            faults[fault].deadLogs.insert(writer)
            if isThere { faults[fault].record.read(step) }
            tell("the disk fails under \(step) of \(faults[fault].id), which is \(isThere ? "" : "not ")there")
            if orLatch { raiseLatch(by: "journal") }
            return false
        }
        faults[fault].record.read(step)
        if case .closed(let verdict) = step { closed(fault, verdict) }
        return true
    }

    func raiseLatch(by actor: String) {
        guard latch == nil else { return }
        kills += 1
        latch = Latch(killID: "kill-\(kills)", reason: "drill", actor: actor, at: wall)
    }

    /// What is said of a fault that is over has to be true.
    private func closed(_ fault: Int, _ verdict: UndoVerdict) {
        let resource = resources[faults[fault].resource]
        guard resource.kind == .role || resource.kind == .file else { return }
        if verdict == .superseded, resource.repairs == faults[fault].repairsBefore {
            broke("a fault was called superseded, and nobody had repaired anything")
        }
    }
}
