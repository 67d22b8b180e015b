import CLibpq

/// Owns one finished result of libpq.
///
/// `@unchecked Sendable`: libpq never changes a result after handing it out, and reading it takes no lock.
final class PostgresResult: @unchecked Sendable {
    private let raw: OpaquePointer
    let columns: [String: Int]

    init(_ raw: OpaquePointer) {
        self.raw = raw
        var columns: [String: Int] = [:]
        for index in 0..<PQnfields(raw) {
            if let name = PQfname(raw, index) { columns[String(cString: name)] = Int(index) }
        }
        self.columns = columns
    }

    deinit { PQclear(raw) }

    var status: ExecStatusType { PQresultStatus(raw) }
    var rowCount: Int { Int(PQntuples(raw)) }
    var command: String { PQcmdStatus(raw).map { String(cString: $0) } ?? "" }
    var affected: Int { PQcmdTuples(raw).flatMap { Int(String(cString: $0)) } ?? 0 }

    func text(_ row: Int, _ column: Int) -> String? {
        guard PQgetisnull(raw, Int32(row), Int32(column)) == 0, let bytes = PQgetvalue(raw, Int32(row), Int32(column))
        else { return nil }
        let length = Int(PQgetlength(raw, Int32(row), Int32(column)))
        return bytes.withMemoryRebound(to: UInt8.self, capacity: length) {
            String(decoding: UnsafeBufferPointer(start: $0, count: length), as: UTF8.self)
        }
    }

    /// The error that the server reported in this result; nil when it reports none.
    var error: PostgresError? {
        guard status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE else { return nil }
        let message = field("M") ?? PQresultErrorMessage(raw).map { String(cString: $0) } ?? "no reason given"
        return PostgresError(
            field("C") == nil ? .connectionLost : .statementFailed,
            message.split(whereSeparator: \.isNewline).joined(separator: " "),
            sqlState: field("C"),
            constraint: field("n"),
            detail: field("D")
        )
    }

    private func field(_ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(raw, Int32(letter.value)).map { String(cString: $0) }
    }
}
