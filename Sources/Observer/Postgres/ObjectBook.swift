internal import OpsModel

/// Tables, indexes and columns that exist, and how many rows the tables hold, against what there was.
struct ObjectBook: Sendable {
    /// A table's rows by the server's own statistics.
    struct Rows: Hashable, Sendable {
        var table: String
        var rows: Int
        var baseline: Int?
    }

    /// Names to kinds (`table`, `index`, `column`).
    private(set) var baseline: [String: String] = [:]
    private(set) var live: [String: String] = [:]
    private var normalRows: [String: Int] = [:]
    private(set) var rows: [String: Int] = [:]
    private(set) var sampledAt: Timestamp?

    /// What appears in calm becomes part of the baseline; what disappears stays in it.
    mutating func observe(objects: [String: String], rows: [String: Int], at now: Timestamp, isCalm: Bool) {
        if isCalm || baseline.isEmpty { baseline.merge(objects) { _, new in new } }
        if isCalm || normalRows.isEmpty {
            normalRows.merge(rows) { old, new in Double(new) < 0.5 * Double(old) ? old : new }
        }
        live = objects
        self.rows = rows
        sampledAt = now
    }

    /// Columns of a table that is gone are not told one by one.
    var missing: [(name: String, kind: String)] {
        baseline.filter { name, kind in live[name] == nil && (kind != "column" || isOfLiveTable(name)) }
            .map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    private func isOfLiveTable(_ column: String) -> Bool { live[String(column.prefix { $0 != "." })] != nil }

    var counted: [Rows] {
        Set(rows.keys).union(normalRows.keys).sorted().map {
            Rows(table: $0, rows: rows[$0] ?? 0, baseline: normalRows[$0])
        }
    }
}
