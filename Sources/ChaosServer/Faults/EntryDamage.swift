import OpsService

/// What becomes of one cache entry: a line about the content, then the content.
enum EntryDamage: String, CaseIterable, Sendable {
    /// No longer what was stored, and its checksum says so: whoever reads it fails.
    case damaged
    /// Well-formed, and nothing gives it away, but every number in it is 0: whoever reads it passes it on.
    case wrong

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    /// Never gives back what it was given.
    func altered(_ old: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        guard self == .wrong else { return Self.withOtherDigits(old, using: &generator) }
        let (head, content) = Self.parts(old)
        let zeroed = Self.withZeros(content)
        let bytes = Self.withoutChecksum(head) + zeroed
        // Content without a number cannot be wrong in this way: then it is damaged and no checksum says so.
        return zeroed == content ? Self.withOtherDigits(bytes, using: &generator) : bytes
    }

    /// Three digits in the second half become others.
    private static func withOtherDigits(_ old: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = old
        let places = bytes.indices.filter { $0 >= bytes.count / 2 && self.digits.contains(bytes[$0]) }
        for place in places.isEmpty ? [bytes.count - 1] : Array(places.shuffled(using: &generator).prefix(3)) {
            let isDigit = self.digits.contains(bytes[place])
            let next = self.digits.lowerBound + (bytes[place] &- self.digits.lowerBound &+ 1) % 10
            bytes[place] = isDigit ? next : bytes[place] ^ 1
        }
        return bytes
    }

    /// JSON with 0 in place of each number; texts stay as they are.
    private static func withZeros(_ content: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var new: [UInt8] = []
        var isText = false
        var isEscaped = false
        var isNumber = false
        for byte in content {
            let begins = !isText && !isNumber && (self.digits.contains(byte) || byte == UInt8(ascii: "-"))
            isNumber = begins || isNumber && (self.digits.contains(byte) || "+-.eE".utf8.contains(byte))
            if begins { new.append(UInt8(ascii: "0")) }
            if isNumber { continue }
            if byte == UInt8(ascii: "\""), !isEscaped { isText.toggle() }
            isEscaped = isText && byte == UInt8(ascii: "\\") && !isEscaped
            new.append(byte)
        }
        return new[...]
    }

    /// The first line with its end, and the rest.
    private static func parts(_ bytes: [UInt8]) -> (head: ArraySlice<UInt8>, content: ArraySlice<UInt8>) {
        let end = bytes.prefix(256).firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return (bytes[..<end], bytes[end...])
    }

    /// The first line without the words that name a checksum: the entry's reader has to take it at its word.
    private static func withoutChecksum(_ head: ArraySlice<UInt8>) -> [UInt8] {
        let words = head.split(separator: UInt8(ascii: " ")).filter { word in
            !["crc32c=", "sha256=", "checksum="].contains { word.starts(with: $0.utf8) }
        }
        let line = Array(words.joined(separator: [UInt8(ascii: " ")]))
        // The checksum may have been the last word.
        return head.isEmpty || line.last == UInt8(ascii: "\n") ? line : line + [UInt8(ascii: "\n")]
    }
}
