/// Turns text into the words that a search compares: small letters, names taken apart, endings cut.
public enum Tokens {
    /// Words that say nothing about a symptom.
    private static let stopWords: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "for", "from", "has", "have", "if", "in",
        "into", "is", "it",
        "its", "of", "on", "or", "that", "the", "their", "then", "there", "these", "this", "to", "was", "were", "when",
        "which",
        "while", "will", "with", "you", "your",
    ]

    /// The words of a text in order.
    public static func words(in text: String) -> [String] {
        var words: [String] = []
        var current: [Character] = []
        var previous: Character = " "
        func close() {
            if !current.isEmpty { append(String(current).lowercased(), to: &words) }
            current.removeAll(keepingCapacity: true)
        }
        for character in text {
            if character.isLetter || character.isNumber {
                if character.isUppercase, previous.isLowercase { close() }
                current.append(character)
            } else {
                close()
            }
            previous = character
        }
        close()
        return words
    }

    private static func append(_ word: String, to words: inout [String]) {
        guard !stopWords.contains(word) else { return }
        words.append(stem(word))
    }

    /// Cuts the endings that English puts on the same word; rough, and the same for text and question.
    static func stem(_ word: String) -> String {
        guard word.count > 3, word.allSatisfy({ $0.isLetter }) else { return word }
        for (ending, replacement) in endings where word.hasSuffix(ending) {
            let root = word.dropLast(ending.count)
            guard root.count >= 3 else { continue }
            return undouble(root + replacement)
        }
        return undouble(word)
    }

    private static let endings: [(String, String)] = [
        ("ational", "at"), ("ations", "at"), ("ation", "at"), ("ingly", ""), ("edly", ""), ("ments", ""), ("ment", ""),
        ("ness", ""),
        ("ities", ""), ("ity", ""), ("ies", "i"), ("ied", "i"), ("ings", ""), ("ing", ""), ("sses", "ss"), ("ions", ""),
        ("ion", ""),
        ("ers", ""), ("er", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""), ("e", ""), ("y", "i"),
    ]

    private static func undouble(_ root: String) -> String {
        let tail = root.suffix(2)
        guard tail.count == 2, tail.first == tail.last, let last = tail.last, !"lsz".contains(last) else { return root }
        return String(root.dropLast())
    }
}
