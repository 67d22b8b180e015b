/// Other names for everything that a topology names: a bijection over all texts.
///
/// A text is words, runs of ASCII letters and digits, and what stands between them. A renaming swaps each word of a name with
/// one that nobody uses, and leaves every other word and all that is between as it is; `api-1` becomes `k3f9-1`. Because the
/// words are swapped, a true name means nothing any more to who uses it, and doing it twice gives any text back. Names of
/// actions stay.
public struct Renaming: Hashable, Sendable {
    /// By each word the one that takes its place, in both directions.
    private let partners: [String: String]
    /// By each drawn word the one that it stands for.
    private let originals: [String: String]

    /// Draws another name for each word; words that are in the vocabularies, or carry no meaning, keep theirs.
    public init(_ words: some Sequence<String>, using generator: inout some RandomNumberGenerator) {
        let renamed = Set(words).filter(Self.isRenamed)
        var originals: [String: String] = [:]
        for word in renamed.sorted() {
            var drawn = Self.draw(&generator)
            while renamed.contains(drawn) || originals[drawn] != nil { drawn = Self.draw(&generator) }
            originals[drawn] = word
        }
        self.originals = originals
        partners = originals.reduce(into: originals) { $0[$1.value] = $1.key }
    }

    /// What an agent is shown in the place of a text.
    public func there(_ text: String) -> String { Self.replace(text, by: partners) }

    /// What an agent means by a text that is a name or has names in fixed places; true names mean nothing.
    public func back(_ text: String) -> String { Self.replace(text, by: partners) }

    /// What an agent means by a sentence: only drawn words are put back, since others are its own.
    ///
    /// - Important: It is for people to read. Sent ``there(_:)`` again, a true name that an agent wrote itself would come back
    ///   as the drawn one, and tell it which is which.
    public func prose(_ text: String) -> String { Self.replace(text, by: originals) }

    /// A letter, a digit, a letter, a digit: no word of any language, and no number.
    private static func draw(_ generator: inout some RandomNumberGenerator) -> String {
        func pick(_ from: String) -> String { from.randomElement(using: &generator).map(String.init) ?? "" }
        return pick("ghjkmnpqrstvwxyz") + pick("23456789") + pick("ghjkmnpqrstvwxyz") + pick("23456789")
    }

    /// Names of actions are words of the catalogue wherever they stand, also where they hold a name: neither they nor what would
    /// become one is touched, so that no two texts become the same.
    private static func replace(_ text: String, by words: [String: String]) -> String {
        split(text) { isPartOfWord($0) || $0 == "-" }.map { compound in
            let other = split(compound, isPartOfWord).map { words[$0] ?? $0 }.joined()
            return actions.contains(compound) || actions.contains(other) ? compound : other
        }.joined()
    }

    private static let actions = Set(ActionVocabulary.names)

    /// The text in pieces, in turn of scalars that belong together and of such that do not.
    private static func split(_ text: String, _ belongs: (Unicode.Scalar) -> Bool) -> [String] {
        var pieces: [String.UnicodeScalarView] = []
        var wasPart: Bool?
        for scalar in text.unicodeScalars {
            let isPart = belongs(scalar)
            if isPart != wasPart { pieces.append(String.UnicodeScalarView()) }
            pieces[pieces.count - 1].append(scalar)
            wasPart = isPart
        }
        return pieces.map { String($0) }
    }

    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    /// The words of a name.
    static func words(of name: String) -> [String] {
        name.unicodeScalars.split { !isPartOfWord($0) }.map { String(String.UnicodeScalarView($0)) }
    }

    private static func isRenamed(_ word: String) -> Bool {
        word.unicodeScalars.allSatisfy(isPartOfWord) && word.contains(where: \.isLetter) && word.count > 1
            && !RenamingVocabulary.words.contains(word)
    }
}
