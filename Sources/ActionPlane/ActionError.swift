import OpsModel

/// Why an action was refused or did not come about, and what to do.
struct ActionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of reasons; the same word stands in answers, logs and metric labels.
    enum Code: String, Hashable, Sendable, CaseIterable, Codable {
        case actionChanged = "action_changed"
        case agentPaused = "agent_paused"
        case ceilingExceeded = "ceiling_exceeded"
        case clockWentBack = "clock_went_back"
        case databaseRolledBack = "database_rolled_back"
        case deciderIsBarred = "decider_is_barred"
        case deciderIsRequester = "decider_is_requester"
        case effectFailed = "effect_failed"
        case epochStale = "epoch_stale"
        case epochUnreadable = "epoch_unreadable"
        case factsDrifted = "facts_drifted"
        case grantForgotten = "grant_forgotten"
        case grantInvalid = "grant_invalid"
        case grantMalformed = "grant_malformed"
        case grantRequired = "grant_required"
        case grantUsed = "grant_used"
        case idempotencyConflict = "idempotency_conflict"
        case idempotencyKeyRequired = "idempotency_key_required"
        case invalidParameters = "invalid_parameters"
        case notPermitted = "not_permitted"
        case parametersDiffer = "parameters_differ"
        case postcheckFailed = "postcheck_failed"
        case rateLimited = "rate_limited"
        case requestUnreadable = "request_unreadable"
        case recordUnwritable = "record_unwritable"
        case resourceBusy = "resource_busy"
        case targetUnreadable = "target_unreadable"
        case timedOut = "timed_out"
        case unknownAction = "unknown_action"
        case unknownRun = "unknown_run"
    }

    /// The reason as a word of the closed list.
    var code: Code
    /// What happened, safe to show.
    var message: String
    /// What to do about it.
    var hint: String?
    /// More than a sentence can say, such as every problem with the parameters.
    var details: JSONValue?
    /// Seconds until trying again makes sense.
    var retryAfter: Int?

    init(
        _ code: Code,
        _ message: String,
        hint: String? = nil,
        details: JSONValue? = nil,
        retryAfter: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details
        self.retryAfter = retryAfter
    }

    var description: String { "\(code.rawValue): \(message)" }
}
