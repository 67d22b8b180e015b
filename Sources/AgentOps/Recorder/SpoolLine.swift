import OpsSystem

/// One numbered record of the spool: `<crc32c> <json>`, the JSON beginning with its number.
struct SpoolLine: Hashable, Sendable {
    let number: Int
    let json: [UInt8]
    /// Where the line ends in the bytes that were scanned, its line break included.
    let end: Int

    private static let prefix = Array(#"{"n":"#.utf8)

    /// The bytes of a line for these members, which follow number and clock.
    static func bytes(number: Int, clock: Int64, members: [UInt8]) -> [UInt8] {
        let json = Array(#"{"n":\#(number),"clock":\#(clock),"#.utf8) + members
        let sum = String(CRC32C.checksum(json), radix: 16)
        return Array((String(repeating: "0", count: 8 - sum.count) + sum + " ").utf8) + json + [UInt8(ascii: "\n")]
    }

    /// Reads a line without its line break; nil when a byte of it is not as it was written.
    init?(_ line: ArraySlice<UInt8>) {
        guard line.count > 14, line[line.startIndex + 8] == UInt8(ascii: " ") else { return nil }
        let json = line.dropFirst(9)
        guard let sum = UInt32(String(decoding: line.prefix(8), as: UTF8.self), radix: 16),
            sum == CRC32C.checksum(json), json.starts(with: Self.prefix)
        else { return nil }
        let digits = json.dropFirst(Self.prefix.count).prefix { $0 != UInt8(ascii: ",") }
        guard let number = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
        self.number = number
        self.json = Array(json)
        end = line.endIndex + 1
    }

    /// The good lines among some bytes, and where the last of them ends.
    static func scan(_ bytes: [UInt8]) -> (lines: [SpoolLine], end: Int) {
        var lines: [SpoolLine] = []
        var end = 0
        var start = 0
        while let lineBreak = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if let line = SpoolLine(bytes[start..<lineBreak]) {
                lines.append(line)
                end = line.end
            }
            start = lineBreak + 1
        }
        return (lines, end)
    }
}
