/// Groups log messages by the words that stay the same, in one pass and bounded space.
///
/// A tree of fixed depth: number of words, first word, then the most similar of a few templates (Drain, He et al. 2017).
/// A message that is similar enough joins a template and turns its differing words into wildcards.
struct TemplateTree: Sendable {
    /// Where messages of one shape are kept.
    private struct Leaf: Hashable, Sendable {
        var length: Int
        var first: String
    }

    /// Share of equal words from which two messages are one template.
    let similarity: Double
    /// Templates kept; what comes later joins the template 0.
    let limit: Int
    private(set) var templates: [[String]] = [["(other)"]]
    private var leaves: [Leaf: [Int]] = [:]

    init(similarity: Double = 0.6, limit: Int = 1_000) {
        self.similarity = similarity
        self.limit = limit
    }

    /// The template's text.
    func text(_ template: Int) -> String {
        templates.indices.contains(template) ? templates[template].joined(separator: " ") : ""
    }

    /// The number of the message's template; the same for the same message ever after.
    mutating func insert(_ message: String) -> Int {
        let tokens = TokenMask.tokens(of: message)
        let leaf = Leaf(length: tokens.count, first: tokens.first ?? "")
        if let known = mostSimilar(to: tokens, in: leaves[leaf] ?? []) {
            merge(tokens, into: known)
            return known
        }
        guard templates.count < limit else { return 0 }
        templates.append(tokens)
        leaves[leaf, default: []].append(templates.count - 1)
        return templates.count - 1
    }

    private func mostSimilar(to tokens: [String], in candidates: [Int]) -> Int? {
        let best = candidates.map { ($0, share(of: tokens, in: templates[$0])) }.max { $0.1 < $1.1 }
        return best.flatMap { $0.1 >= similarity ? $0.0 : nil }
    }

    private func share(of tokens: [String], in template: [String]) -> Double {
        guard !tokens.isEmpty else { return 1 }
        let equal = zip(tokens, template).count { $0 == $1 || $1 == TokenMask.wildcard }
        return Double(equal) / Double(tokens.count)
    }

    private mutating func merge(_ tokens: [String], into template: Int) {
        for (index, token) in tokens.enumerated() where templates[template][index] != token {
            templates[template][index] = TokenMask.wildcard
        }
    }
}
