/// Finds one scalar in JSON text by its path without building the document: the load checks every answer it gets.
///
/// The text is taken to be well formed as far as it is read; anything else gives nil.
struct JSONScanner {
    private let bytes: [UInt8]
    private var position = 0

    /// The raw text of a number, word or string (without its quotes) at a dotted path such as `data.0.price_cents`.
    static func scalar(at path: String, in bytes: [UInt8]) -> String? {
        var scanner = JSONScanner(bytes: bytes)
        for step in path.split(separator: ".") {
            let isFound = Int(step).map { scanner.enterElement($0) } ?? scanner.enterMember(Array(step.utf8))
            guard isFound else { return nil }
        }
        return scanner.scalar()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func takes(_ byte: UInt8) -> Bool {
        skipSpace()
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func enterElement(_ index: Int) -> Bool {
        guard takes(UInt8(ascii: "[")) else { return false }
        for _ in 0..<index {
            guard skipValue(), takes(UInt8(ascii: ",")) else { return false }
        }
        skipSpace()
        return current != UInt8(ascii: "]")
    }

    private mutating func enterMember(_ name: [UInt8]) -> Bool {
        guard takes(UInt8(ascii: "{")) else { return false }
        while let key = string() {
            guard takes(UInt8(ascii: ":")) else { return false }
            if bytes[key].elementsEqual(name) { return true }
            guard skipValue(), takes(UInt8(ascii: ",")) else { return false }
        }
        return false
    }

    private mutating func string() -> Range<Int>? {
        guard takes(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while let byte = current {
            if byte == UInt8(ascii: "\"") {
                position += 1
                return start..<(position - 1)
            }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    private mutating func skipValue() -> Bool {
        skipSpace()
        switch current {
        case UInt8(ascii: "\""): return string() != nil
        case UInt8(ascii: "{"), UInt8(ascii: "["): return skipNested()
        case nil: return false
        default: return scalar() != nil
        }
    }

    private mutating func skipNested() -> Bool {
        var depth = 0
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                guard string() == nil else { continue }
                return false
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            position += 1
            if depth == 0 { return true }
        }
        return false
    }

    private mutating func scalar() -> String? {
        skipSpace()
        if current == UInt8(ascii: "\"") { return string().map { String(decoding: bytes[$0], as: UTF8.self) } }
        let start = position
        while let byte = current, !Self.endsScalar(byte) { position += 1 }
        return start == position ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "["),
            0x20, 0x0A, 0x0D, 0x09:
            true
        default: false
        }
    }
}
