public import OpsModel

/// One row.
///
/// Columns are asked for by name; a null or a wrong form is an error unless the optional form is used.
public struct PostgresRow: Sendable {
    let result: PostgresResult?
    let index: Int

    /// The text of a column; nil for null and for a column that is not there.
    public subscript(column: String) -> String? {
        guard let result, let position = result.columns[column] else { return nil }
        return result.text(index, position)
    }

    /// The names of the columns in alphabetical order.
    public var columns: [String] { result?.columns.keys.sorted() ?? [] }

    /// The text of a column.
    public func string(_ column: String) throws(PostgresError) -> String { try read(column, "text") { $0 } }
    /// A whole number.
    public func int(_ column: String) throws(PostgresError) -> Int { try read(column, "a whole number") { Int($0) } }
    /// A number.
    public func double(_ column: String) throws(PostgresError) -> Double { try read(column, "a number") { Double($0) } }
    /// A truth value.
    public func bool(_ column: String) throws(PostgresError) -> Bool {
        try read(column, "a truth value") { $0 == "t" ? true : $0 == "f" ? false : nil }
    }
    /// A moment.
    public func timestamp(_ column: String) throws(PostgresError) -> Timestamp {
        try read(column, "a moment", PostgresText.timestamp)
    }
    /// A JSON document.
    public func json(_ column: String) throws(PostgresError) -> JSONValue {
        try decode(column, as: JSONValue.self)
    }
    /// Bytes.
    public func bytes(_ column: String) throws(PostgresError) -> [UInt8] {
        try read(column, "bytes", PostgresText.bytes)
    }
    /// The elements of an array of text without nulls.
    public func strings(_ column: String) throws(PostgresError) -> [String] {
        try read(column, "an array of text") { text in
            PostgresText.elements(text).flatMap { $0.contains(nil) ? nil : $0.compactMap(\.self) }
        }
    }
    /// A value of a known shape, out of a JSON column.
    public func decode<Value: Decodable>(_ column: String, as type: Value.Type) throws(PostgresError) -> Value {
        let text = try string(column)
        do {
            return try OpsJSON.decode(type, from: text.utf8)
        } catch {
            throw PostgresError(.badValue, "column \(column) holds no \(type): \(error)")
        }
    }

    /// A whole number; nil for null and for another form.
    public func optionalInt(_ column: String) -> Int? { self[column].flatMap { Int($0) } }
    /// A number; nil for null and for another form.
    public func optionalDouble(_ column: String) -> Double? { self[column].flatMap { Double($0) } }
    /// A moment; nil for null and for another form.
    public func optionalTimestamp(_ column: String) -> Timestamp? { self[column].flatMap(PostgresText.timestamp) }

    private func read<Value>(
        _ column: String,
        _ what: String,
        _ parse: (String) -> Value?
    ) throws(PostgresError) -> Value {
        guard let result, result.columns[column] != nil else {
            throw PostgresError(.badValue, "the answer has no column \(column)")
        }
        guard let text = self[column] else { throw PostgresError(.badValue, "column \(column) is null") }
        guard let value = parse(text) else { throw PostgresError(.badValue, "column \(column) holds no \(what)") }
        return value
    }
}
