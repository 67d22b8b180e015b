internal import FoundationEssentials
internal import Glibc

/// Ranks documents by BM25 over weighted fields, and points at the part of each that matched best.
///
/// Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009): one term frequency is summed over
/// the fields with their weights before it saturates (BM25F). Pure and immutable; built in milliseconds for hundreds of documents.
public struct SearchIndex: Sendable {
    /// A document as it is indexed.
    public struct Document: Sendable {
        /// Its name.
        public var id: String
        /// Counts most.
        public var title: String
        /// Counts more than text.
        public var symptoms: [String]
        /// The text in parts that can be cited.
        public var parts: [Part]

        /// A document from its fields.
        public init(id: String, title: String, symptoms: [String] = [], parts: [Part]) {
            self.id = id
            self.title = title
            self.symptoms = symptoms
            self.parts = parts
        }
    }

    /// A part of a document that can be cited by its lines.
    public struct Part: Sendable {
        /// Where it stands.
        public var lines: ClosedRange<Int>
        /// Its text.
        public var text: String

        /// A part from its place and text.
        public init(lines: ClosedRange<Int>, text: String) {
            self.lines = lines
            self.text = text
        }
    }

    /// A document that matched.
    public struct Hit: Sendable, Hashable {
        /// The document's name.
        public var id: String
        /// Only its order means anything.
        public var score: Double
        /// The lines of the part that matched best; nil for a document without parts.
        public var lines: ClosedRange<Int>?
    }

    private struct Entry: Sendable {
        var id: String
        var frequencies: [String: Double]
        var length: Double
        var parts: [(lines: ClosedRange<Int>, words: Set<String>)]
    }

    private let entries: [Entry]
    private let documentFrequency: [String: Int]
    private let meanLength: Double
    private static let saturation = 1.2
    private static let lengthWeight = 0.6
    private static let titleWeight = 3.0
    private static let symptomWeight = 2.0

    /// Indexes documents; the order given breaks ties.
    public init(_ documents: [Document]) {
        entries = documents.map(Self.entry)
        documentFrequency = entries.reduce(into: [:]) { counts, entry in
            for word in entry.frequencies.keys { counts[word, default: 0] += 1 }
        }
        meanLength = max(1, entries.map(\.length).reduce(0, +) / Double(max(1, entries.count)))
    }

    private static func entry(_ document: Document) -> Entry {
        var frequencies: [String: Double] = [:]
        var length = 0.0
        func add(_ text: String, _ weight: Double) {
            for word in Tokens.words(in: text) {
                frequencies[word, default: 0] += weight
                length += weight
            }
        }
        add(document.title, titleWeight)
        for symptom in document.symptoms { add(symptom, symptomWeight) }
        for part in document.parts { add(part.text, 1) }
        let parts = document.parts.map { (lines: $0.lines, words: Set(Tokens.words(in: $0.text))) }
        return Entry(id: document.id, frequencies: frequencies, length: length, parts: parts)
    }

    /// The best documents for a question, best first; documents without any of its words are left out.
    public func search(_ question: String, limit: Int = 10) -> [Hit] {
        let words = Tokens.words(in: question)
        guard !words.isEmpty else { return [] }
        let weights = Dictionary(words.map { ($0, 1.0) }, uniquingKeysWith: +)
        let scored = entries.enumerated().compactMap { index, entry -> (Int, Double)? in
            let score = weights.reduce(0) { $0 + rank($1.key, in: entry) * min(2, $1.value) }
            return score > 0 ? (index, score) : nil
        }
        let best = scored.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(max(0, limit))
        return best.map { index, score in
            Hit(id: entries[index].id, score: score, lines: bestPart(of: entries[index], for: weights))
        }
    }

    private func rank(_ word: String, in entry: Entry) -> Double {
        guard let frequency = entry.frequencies[word] else { return 0 }
        let norm = 1 - Self.lengthWeight + Self.lengthWeight * entry.length / meanLength
        return rarity(word) * frequency * (Self.saturation + 1) / (frequency + Self.saturation * norm)
    }

    private func rarity(_ word: String) -> Double {
        let count = Double(documentFrequency[word] ?? 0)
        return log(1 + (Double(entries.count) - count + 0.5) / (count + 0.5))
    }

    private func bestPart(of entry: Entry, for weights: [String: Double]) -> ClosedRange<Int>? {
        let scored = entry.parts.map { part in
            (part.lines, weights.keys.reduce(0) { $0 + (part.words.contains($1) ? rarity($1) : 0) })
        }
        return scored.max { $0.1 < $1.1 }?.0
    }
}
