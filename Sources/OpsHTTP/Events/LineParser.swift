/// Takes lines out of a byte stream; an empty one is none, and neither is one whose end never came.
struct LineParser: StreamParser {
    private var line: [UInt8] = []
    private let limit: Int
    private(set) var isOverflown = false

    init(limit: Int = 1 << 20) { self.limit = limit }

    mutating func feed(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes where !isOverflown {
            if byte == UInt8(ascii: "\n") {
                if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
                line.removeAll(keepingCapacity: true)
            } else {
                line.append(byte)
                isOverflown = line.count > limit
            }
        }
        return lines
    }
}
