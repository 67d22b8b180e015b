import OpsModel

/// What the journal's lines add up to.
///
/// Pure: a test can replay any prefix of a log.
struct ActionLedger: Hashable, Sendable {
    /// Everything known about one run.
    struct Run: Hashable, Sendable {
        var consumption: Consumption
        var intent: Intent?
        /// The step that was begun last.
        var begun: Int?
        var result: ActionResult?
    }

    /// What may be done with a request.
    enum Admission: Hashable, Sendable {
        /// Nobody has used this grant.
        case fresh
        /// The same request was made before; this run answers it.
        case replay(run: String)
    }

    private struct Caller: Hashable {
        var principal: String
        var key: String
    }

    /// Tolerance between what was written and what the clock says now.
    static let allowedSetback = 2.0

    private(set) var runs: [String: Run] = [:]
    private(set) var highestEpoch = 0
    /// The run that began last: its intent was committed to the records before it did.
    private(set) var lastBegun: String?
    private(set) var highestTime = Timestamp(microseconds: 0)
    /// Before this moment there may be uses of grants that were lost; every start writes it down anew.
    private(set) var forgetsBefore: Timestamp?
    private var grants: [String: String] = [:]
    private var callers: [Caller: RequestIdentity] = [:]
    private var answers: [Caller: String] = [:]

    init(_ entries: some Sequence<JournalEntry> = []) { for entry in entries { apply(entry) } }

    /// Adds one line.
    mutating func apply(_ entry: JournalEntry) {
        switch entry {
        case .opened(let line):
            if line.confirmsClock { highestTime = line.at }
            forgetsBefore = line.forgetsBefore ?? forgetsBefore
        case .consumed(let line): consume(line)
        case .intent(let line):
            runs[line.run]?.intent = line
            highestEpoch = max(highestEpoch, line.epoch)
        case .begun(let line):
            runs[line.run]?.begun = line.index
            lastBegun = line.run
        case .ended(let line): runs[line.run]?.result = line.result
        }
        highestTime = max(highestTime, entry.at)
    }

    private mutating func consume(_ line: Consumption) {
        runs[line.run] = Run(consumption: line)
        for grant in line.grants { grants[grant] = line.run }
        let caller = Caller(principal: line.request.principal, key: line.request.key)
        callers[caller] = line.request
        answers[caller] = line.run
    }

    /// The run that already answers this very request; nil when it is the first of its kind.
    func answer(to request: RequestIdentity) throws(ActionError) -> String? {
        let caller = Caller(principal: request.principal, key: request.key)
        guard let earlier = callers[caller] else { return nil }
        guard earlier.digest == request.digest else {
            throw ActionError(
                .idempotencyConflict,
                "this Idempotency-Key was used for another request",
                hint: "use a new key for every new request"
            )
        }
        return answers[caller]
    }

    /// Decides over a request before its grants are consumed.
    func admit(_ request: RequestIdentity, grants ids: [String]) throws(ActionError) -> Admission {
        if let run = try answer(to: request) { return .replay(run: run) }
        if ids.contains(where: { grants[$0] != nil }) {
            throw ActionError(
                .grantUsed,
                "a grant is good for one request, and this one was used",
                hint: "ask for a new grant; to read an earlier result, repeat the request with its own Idempotency-Key"
            )
        }
        return .fresh
    }

    /// Refuses to act on a clock that stands behind what was already written.
    func checkClock(_ now: Timestamp) throws(ActionError) {
        let setback = highestTime - now
        guard setback > Self.allowedSetback else { return }
        throw ActionError(
            .clockWentBack,
            "the clock stands \(Int(setback)) s behind the last line of the journal, so no grant's time can be trusted",
            hint: "set the clock, wait, or restart with --confirm-clock",
            retryAfter: Int(setback) + 1
        )
    }

    /// Refuses to act on a database that has forgotten a raised epoch.
    func checkEpoch(_ epoch: Int) throws(ActionError) {
        guard epoch < highestEpoch else { return }
        throw Self.rolledBack(
            "the database says epoch \(epoch), this service has acted under \(highestEpoch)",
            until: "raise the epoch above \(highestEpoch)"
        )
    }

    /// The run that the records have to know under this epoch; nil under one that is higher than any before.
    ///
    /// Whoever raises it voids every grant and every question that came back to life with the records.
    func witness(under epoch: Int) -> String? { epoch > highestEpoch ? nil : lastBegun }

    /// Refuses to act on a database that has forgotten a run.
    static func forgotten(_ run: String, under epoch: Int) -> ActionError {
        rolledBack("the records do not know \(run), which this service began", until: "raise the epoch above \(epoch)")
    }

    private static func rolledBack(_ found: String, until remedy: String) -> ActionError {
        ActionError(
            .databaseRolledBack,
            "\(found): it is another database, or was restored to an earlier moment",
            hint: "see what is missing, then \(remedy): opslab agents stop, opslab agents resume"
        )
    }

    /// Before which moment grants are refused by a service that starts now over these lines.
    ///
    /// What was forgotten once stays forgotten, whole as the journal may look since: the grants whose use was lost do not
    /// stand in it. A moment that a confirmed clock has not reached yet is of the clock that was wrong.
    func horizon(isWhole: Bool, confirmsClock: Bool, now: Timestamp) -> Timestamp? {
        let earlier = forgetsBefore.map { confirmsClock ? min($0, now) : $0 }
        return isWhole ? earlier : max(earlier ?? now, now)
    }

    /// The runs whose end was never written, oldest first.
    var open: [Run] {
        runs.values.filter { $0.result == nil }.sorted { $0.consumption.at < $1.consumption.at }
    }
}
