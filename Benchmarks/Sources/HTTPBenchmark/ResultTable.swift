/// The runs as a table, numbers to the right.
enum ResultTable {
    static func render(_ runs: [LoadRun]) -> String {
        let head = ["route", "requests/s", "p50 ms", "p99 ms", "errors"]
        let rows = runs.map { run in
            [
                run.route, String(Int(run.requestsPerSecond)), hundredths(run.medianMilliseconds),
                hundredths(run.p99Milliseconds), String(run.errors),
            ]
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head] + rows).map { row in line(row, widths) + "\n" }.joined()
    }

    private static func line(_ row: [String], _ widths: [Int]) -> String {
        row.indices.map { column in
            let padding = String(repeating: " ", count: widths[column] - row[column].count)
            return column == 0 ? row[column] + padding : padding + row[column]
        }.joined(separator: "  ")
    }

    private static func hundredths(_ number: Double) -> String {
        let whole = Int((number * 100).rounded())
        return "\(whole / 100).\(whole % 100 < 10 ? "0" : "")\(whole % 100)"
    }
}
