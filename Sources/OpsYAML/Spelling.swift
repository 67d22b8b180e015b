/// Finds the known word that a mistyped one was meant to be.
public enum Spelling {
    /// The nearest candidate within a third of the word's length, ties by alphabet; nil when nothing is near.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let ranked = candidates.map { ($0, distance(word, $0)) }
            .filter { $0.1 <= max(1, word.count / 3) }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }
        return ranked?.0
    }

    /// Edits (insert, delete, replace, swap of neighbours) from one word to the other.
    static func distance(_ a: String, _ b: String) -> Int {
        let x = Array(a.lowercased())
        let y = Array(b.lowercased())
        guard !x.isEmpty, !y.isEmpty else { return max(x.count, y.count) }
        var rows = [Array(0...y.count)]
        for i in 1...x.count {
            var row = [i] + [Int](repeating: 0, count: y.count)
            for j in 1...y.count {
                let cost = x[i - 1] == y[j - 1] ? 0 : 1
                row[j] = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + cost)
                if i > 1, j > 1, x[i - 1] == y[j - 2], x[i - 2] == y[j - 1] {
                    row[j] = min(row[j], rows[i - 2][j - 2] + 1)
                }
            }
            rows.append(row)
        }
        return rows[x.count][y.count]
    }
}
