/// One line of a journal: `checksum length payload`, readable by people and checkable by us.
///
/// Nothing here touches a file, so tests can walk through every prefix and every flipped bit of a log.
package enum JournalFrame {
    /// What a log's bytes contain.
    package struct Contents: Equatable {
        /// The intact payloads in order.
        package var records: [[UInt8]] = []
        /// How many lines were damaged or cut.
        package var torn = 0
        /// Where the next record goes: behind the last intact one.
        package var end = 0
    }

    private static let newline = UInt8(ascii: "\n")
    private static let space = UInt8(ascii: " ")
    /// Eight digits of checksum, a space, eight digits of length, a space.
    private static let headerLength = 18

    package static func encode(_ payload: [UInt8]) -> [UInt8] {
        let length = self.hex(UInt32(payload.count)) + [self.space]
        return self.hex(CRC32C.checksum(length + payload)) + [self.space] + length + payload + [self.newline]
    }

    /// Never fails: what cannot be read is counted, and reading goes on behind the next line break.
    package static func decode(_ bytes: [UInt8]) -> Contents {
        let used = (bytes.lastIndex { $0 != 0 } ?? -1) + 1  // the preallocated rest is zeros
        var contents = Contents()
        var at = 0
        while at < used {
            if let payload = self.payload(at: at, in: bytes, used: used) {
                at += self.headerLength + payload.count + 1
                contents.records.append(payload)
                contents.end = at
                if at <= bytes.count, at > used || bytes[at - 1] != self.newline { contents.torn += 1 }
            } else {
                contents.torn += 1
                at = (bytes[at..<used].firstIndex(of: self.newline) ?? used) + 1
            }
        }
        return contents
    }

    private static func payload(at start: Int, in bytes: [UInt8], used: Int) -> [UInt8]? {
        let body = start + self.headerLength
        guard body <= used, bytes[start + 8] == self.space, bytes[body - 1] == self.space,
            let checksum = self.number(bytes[start..<(start + 8)]),
            let length = self.number(bytes[(start + 9)..<(start + 17)]), body + Int(length) <= used,
            CRC32C.checksum(bytes[(start + 9)..<(body + Int(length))]) == checksum
        else { return nil }
        return Array(bytes[body..<(body + Int(length))])
    }

    private static func hex(_ value: UInt32) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return (0..<8).map { digits[Int(value >> (28 - 4 * $0) & 15)] }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for digit in digits {
            switch digit {
            case 48...57: value = value << 4 | UInt32(digit - 48)
            case 97...102: value = value << 4 | UInt32(digit - 87)
            default: return nil
            }
        }
        return value
    }
}
