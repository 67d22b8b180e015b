/// Why the injector did not do what it was asked, and the way out.
struct ChaosError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of causes; the same word appears in answers, logs and metrics.
    enum Code: String, CaseIterable, Sendable {
        case latched
        case noReserve = "no_reserve"
        case overCap = "over_cap"
        case outOfScope = "out_of_scope"
        case badLease = "bad_lease"
        case conflict
        case tooMany = "too_many_faults"
        case badParameter = "bad_parameter"
        case badTarget = "bad_target"
        case idTaken = "id_taken"
        case unknownFault = "unknown_fault"
        case notArmed = "not_armed"
        case notApplied = "not_applied"
        case undoImpossible = "undo_impossible"
        case unsupported
        case targetUnavailable = "target_unavailable"
        case journalFailed = "journal_failed"
        case busy
        case notLatched = "not_latched"
        case otherKill = "other_kill"
        case unfinished
        case protocolBroken = "protocol_broken"
        case badSchedule = "bad_schedule"
        case unknownSchedule = "unknown_schedule"
        case tooManySchedules = "too_many_schedules"
        case badOrder = "bad_order"
        case unknownPlan = "unknown_plan"
        case notRunning = "not_running"
    }

    let code: Code
    let message: String
    let hint: String?

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    var description: String { self.hint.map { "\(self.message) (\($0))" } ?? self.message }
}
