/// Gives a refused log-in the code that the server sent with it.
///
/// libpq keeps only the text of an error that ends a connection attempt. The texts below are the server's own, in English as
/// our clusters speak it; an unknown one gives nil rather than a guess.
enum FatalMessage {
    private static let codes = [
        ("password authentication failed", "28P01"),
        ("no pg_hba.conf entry", "28000"),
        ("is not permitted to log in", "28000"),
        ("too many clients already", "53300"),
        ("remaining connection slots are reserved", "53300"),
        ("too many connections for", "53300"),
        ("the database system is", "57P03"),
        ("terminating connection due to administrator command", "57P01"),
    ]

    static func sqlState(in message: String) -> String? {
        guard message.contains("FATAL:") else { return nil }
        if let (_, code) = codes.first(where: { message.contains($0.0) }) { return code }
        guard message.contains("does not exist") else { return nil }
        return message.contains("role \"") ? "28000" : message.contains("database \"") ? "3D000" : nil
    }
}
