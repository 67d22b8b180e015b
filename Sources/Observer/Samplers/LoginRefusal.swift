internal import OpsPostgres

/// Why a server that answers does not let us in.
///
/// libpq gives no SQLSTATE for a failed login, only the server's sentence (with `lc_messages` C, as the lab's servers run).
struct LoginRefusal: Sendable {
    let word: ProbeWord
    let code: String

    private static let sentences: [(text: String, word: ProbeWord, code: String)] = [
        ("authentication failed", .unauthorised, "28P01"), ("no pg_hba.conf entry", .unauthorised, "28000"),
        ("is not permitted to log in", .unauthorised, "28000"),
        ("permission denied for database", .unauthorised, "42501"),
        ("remaining connection slots", .badAnswer, "53300"), ("too many clients", .badAnswer, "53300"),
        ("too many connections", .badAnswer, "53300"), ("is starting up", .refused, "57P03"),
        ("is shutting down", .refused, "57P03"), ("in recovery mode", .refused, "57P03"),
        ("does not exist", .unauthorised, "28000"),
    ]

    /// Nil when the error is not the server's own refusal.
    init?(_ error: PostgresError) {
        if let state = error.sqlState {
            code = state
            word = state.hasPrefix("28") ? .unauthorised : state == "57P03" ? .refused : .badAnswer
            return
        }
        guard error.message.contains("FATAL"),
            let known = Self.sentences.first(where: { error.message.contains($0.text) })
        else { return nil }
        word = known.word
        code = known.code
    }
}
