public import OpsModel

/// Reads the JSON of signed documents, where two readers must never understand two things.
///
/// Refuses a repeated member, a number that is not a whole one of 64 bits, nesting deeper than sixteen levels, control
/// characters in strings, lone surrogates, invalid UTF-8, and anything after the document.
public struct StrictJSON {
    private static let deepest = 16
    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The document that these bytes are, or an error that names the offending byte.
    public static func parse(_ bytes: [UInt8]) throws(TrustError) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw TrustError(.malformed, "the document is not UTF-8")
        }
        var reader = StrictJSON(bytes)
        let value = try reader.value(depth: 1)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.failure("something follows the document") }
        return value
    }

    private func failure(_ what: String) -> TrustError { TrustError(.malformed, "\(what) at byte \(position)") }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard let ascii = character.asciiValue, next == ascii else { return false }
        position += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func value(depth: Int) throws(TrustError) -> JSONValue {
        guard depth <= Self.deepest else { throw failure("deeper than \(Self.deepest) levels") }
        skipSpace()
        if take("{") { return try object(depth: depth) }
        if take("[") { return try array(depth: depth) }
        if take("\"") { return .string(try string()) }
        if take(word: "true") { return .bool(true) }
        if take(word: "false") { return .bool(false) }
        if take(word: "null") { return .null }
        return try integer()
    }

    private mutating func object(depth: Int) throws(TrustError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        if take("}") { return .object(members) }
        repeat {
            guard take("\"") else { throw failure("a member's name is missing") }
            let name = try string()
            guard members[name] == nil else { throw failure("member \"\(name)\" stands twice") }
            guard take(":") else { throw failure("a colon is missing") }
            members[name] = try value(depth: depth + 1)
        } while take(",")
        guard take("}") else { throw failure("an object does not end") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(TrustError) -> JSONValue {
        var elements: [JSONValue] = []
        if take("]") { return .array(elements) }
        repeat { elements.append(try value(depth: depth + 1)) } while take(",")
        guard take("]") else { throw failure("an array does not end") }
        return .array(elements)
    }

    private mutating func integer() throws(TrustError) -> JSONValue {
        let start = position
        while let byte = next, byte == UInt8(ascii: "-") || isNumberPart(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let number = Int(text), String(number) == text else {
            position = start
            throw failure("no value, or a number that is not a plain integer,")
        }
        return .int(number)
    }

    private func isNumberPart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || [0x2B, 0x2E, 0x45, 0x65].contains(byte)
    }

    private mutating func string() throws(TrustError) -> String {
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw failure("a control character in a string")
            default: text.append(byte)
            }
        }
        throw failure("a string does not end")
    }

    private mutating func escape() throws(TrustError) -> Unicode.Scalar {
        guard let byte = next else { throw failure("an escape does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try codePoint()
        default: throw failure("an unknown escape")
        }
    }

    private mutating func codePoint() throws(TrustError) -> Unicode.Scalar {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, take(word: "\\u") else { throw failure("a lone surrogate") }
        let second = try codeUnit()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
        else { throw failure("a lone surrogate") }
        return scalar
    }

    private mutating func codeUnit() throws(TrustError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let pair = Hex.decode(String(decoding: bytes[position..<position + 4], as: UTF8.self))
        else { throw failure("an escape needs four hex digits") }
        position += 4
        return UInt32(pair[0]) << 8 | UInt32(pair[1])
    }
}
