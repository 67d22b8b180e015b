/// What the stories have to reach, or they prove nothing: each kind of disturbance, and each decider's transitions.
enum Reach {
    static let strikes = Disturbance.allCases.map(\.rawValue) + ["delay", "reorder"] + signals

    private static let signals = ["SIGKILL", "SIGSTOP", "SIGCONT"].flatMap { signal in
        ["the server", "the guard", "a holder", "an undo", "ActionPlane", "the gate", "the agent"].map {
            "\(signal) \($0)"
        }
    }

    static let transitions: [String: [String]] = [
        "admission": [
            "asked -> admitted", "asked -> latched", "asked -> tooMany", "asked -> conflict", "asked -> noReserve",
        ],
        "injection": [
            "begin -> askForPlan", "planned -> write", "written -> write", "written -> askGuard",
            "acknowledged -> tellHolder", "told -> awaitEffect", "applied -> watch", "failed -> undo",
        ],
        "holder": [
            "told -> takeLock", "locked -> check", "locked -> leave", "checked -> apply", "checked -> leave",
            "applied -> confirm", "confirmed -> record", "confirmed -> undo", "recorded -> hold", "doomed -> undo",
            "doomed -> leave", "undone -> leave", "undone -> undo",
        ],
        "undo": [
            "begin -> endHolder", "begin -> finish", "holderGone -> takeLock", "locked -> raiseFence",
            "raised -> compare", "raised -> finish", "compared -> record", "recorded -> finish",
        ],
        "compare": ["read -> restore", "read -> leaveClean", "read -> leaveSuperseded", "unread -> retry"],
        "watch": [
            "promised -> nothing", "silent -> kill", "ended -> undo", "ended -> replaceGuard", "leaseOver -> undo",
            "asked -> undo", "latched -> undo", "undone -> undoLater", "undone -> nothing",
        ],
        "sweep": ["this boot -> sweep", "another boot -> sweep"],
        "kill": ["answer -> clean", "answer -> pending"],
        "latch": ["resume -> open", "resume -> otherKill", "resume -> unfinished"],
        "ledger": ["request -> fresh", "request -> replay", "request -> clockWentBack", "request -> grantUsed"],
        "run": [
            "enter -> enter", "enter -> perform", "enter -> compensate", "enter -> finish", "perform -> perform",
            "perform -> enter", "perform -> finish", "compensate -> finish",
        ],
        "recovery": ["decide -> notDone", "decide -> doneRecovered", "decide -> unknown", "decide -> resume"],
        "gate": [
            "command -> due", "command -> ended", "command -> void", "sending -> acting",
            "step ended done -> verifying",
            "step ended not_done -> diagnosing", "step ended unknown -> escalated", "opened -> open",
            "claimed -> diagnosing", "proposed -> awaiting_approval", "approved -> acting", "denied -> diagnosing",
            "revoked -> diagnosing", "ticked -> diagnosing", "stopped -> diagnosing", "verified true -> resolved",
            "verified false -> diagnosing", "closed -> escalated", "escalated -> escalated", "paged -> resolved",
            "renewed -> diagnosing", "released -> open",
        ],
    ]

    /// What was not reached.
    static func missing(in coverage: Coverage) -> [String] { counts(in: coverage).filter { $0.count == 0 }.map(\.name) }

    /// What few stories have reached.
    static func rarest(in coverage: Coverage) -> String {
        counts(in: coverage).sorted { $0.count < $1.count }.prefix(8).map { "\($0.name) (\($0.count))" }
            .joined(separator: ", ")
    }

    private static func counts(in coverage: Coverage) -> [(name: String, count: Int)] {
        let wanted = transitions.flatMap { decider, words in words.map { "\(decider): \($0)" } }.sorted()
        return strikes.map { ($0, coverage.strikes[$0] ?? 0) } + wanted.map { ($0, coverage.transitions[$0] ?? 0) }
    }
}
