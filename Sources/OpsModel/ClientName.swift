/// What a program calls itself towards a database: a name, and eight hexadecimal digits that tell its starts apart.
///
/// One form for every client of the target, so that the form says nothing about who a client is.
public struct ClientName: Hashable, Sendable, CustomStringConvertible {
    /// The name without the digits, such as `shop-api`.
    public let base: String
    /// What the digits say.
    public let number: UInt32

    private static let digits = 8

    /// Puts name and number together; by chance when no number is given.
    public init(_ base: String, number: UInt32 = .random(in: 0 ... .max)) {
        self.base = base
        self.number = number
    }

    /// Takes a name apart; nil when it has another form.
    public init?(parsing text: String) {
        guard let hyphen = text.lastIndex(of: "-"), hyphen != text.startIndex else { return nil }
        let suffix = text[text.index(after: hyphen)...]
        guard suffix.utf8.count == Self.digits,
            suffix.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }),
            let number = UInt32(suffix, radix: 16)
        else { return nil }
        self.init(String(text[..<hyphen]), number: number)
    }

    /// The name as the database shows it.
    public var description: String {
        let text = String(number, radix: 16)
        return "\(base)-" + String(repeating: "0", count: Self.digits - text.utf8.count) + text
    }
}
