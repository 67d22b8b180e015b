/// Text of a YAML document, read by the core schema of YAML 1.2.
///
/// Only plain scalars become null, booleans or numbers. `on`, `off`, `yes` and `no` are text, as are sexagesimals and dates;
/// quoting always makes text.
public struct YAMLScalar: Sendable, Hashable {
    /// The text without quotes, escapes resolved.
    public var text: String
    /// True when it was written without quotes and is no block.
    public var isPlain: Bool

    /// A scalar as the parser met it.
    public init(_ text: String, isPlain: Bool) {
        self.text = text
        self.isPlain = isPlain
    }

    /// True for an empty plain scalar, `~` and `null`.
    public var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

    /// The boolean, if the core schema reads one.
    public var bool: Bool? {
        guard isPlain else { return nil }
        switch text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: return nil
        }
    }

    /// The integer in decimal, `0o` or `0x` form; nil too when it does not fit 64 bits.
    public var int: Int? {
        guard isPlain else { return nil }
        if text.hasPrefix("0x") { return digits(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return digits(text.dropFirst(2), radix: 8) }
        let body = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        guard !body.isEmpty, body.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    /// The number, integers included.
    public var double: Double? {
        guard isPlain else { return nil }
        switch text {
        case ".nan", ".NaN", ".NAN": return .nan
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
        case "-.inf", "-.Inf", "-.INF": return -.infinity
        default: break
        }
        if let int { return Double(int) }
        let allowed: (UInt8) -> Bool = { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
        guard text.utf8.allSatisfy(allowed), text.utf8.contains(where: { (48...57).contains($0) }) else { return nil }
        return Double(text.hasPrefix(".") ? "0" + text : text)
    }

    /// What the scalar is, for messages.
    public var kindName: String {
        if isNull { return "nothing" }
        if bool != nil { return "a boolean" }
        if double != nil { return "a number" }
        return "text"
    }

    private func digits(_ body: Substring, radix: Int) -> Int? {
        body.utf8.contains(43) || body.utf8.contains(45) ? nil : Int(body, radix: radix)
    }
}
