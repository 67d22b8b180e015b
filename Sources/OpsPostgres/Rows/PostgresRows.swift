/// The rows of one answer, decoded when they are read and not before.
public struct PostgresRows: RandomAccessCollection, Sendable {
    private let result: PostgresResult?

    init(_ result: PostgresResult?) { self.result = result }

    /// The first row's position.
    public var startIndex: Int { 0 }
    /// One past the last row's position.
    public var endIndex: Int { result?.rowCount ?? 0 }

    /// The row at a position.
    public subscript(position: Int) -> PostgresRow { PostgresRow(result: result, index: position) }

    /// How many rows an INSERT, UPDATE, DELETE, SELECT or COPY touched.
    public var affected: Int { result?.affected ?? 0 }

    /// The server's word for what it did, such as `COMMIT`.
    public var command: String { result?.command ?? "" }

    /// The only row; an error when there is none or more than one.
    public func only() throws(PostgresError) -> PostgresRow {
        guard count == 1 else { throw PostgresError(.badValue, "expected one row, got \(count)") }
        return self[0]
    }
}
