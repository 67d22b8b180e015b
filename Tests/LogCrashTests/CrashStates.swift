/// What a crash can leave of a log whose records were written one after the other, each synced before the next began.
///
/// The record under way may be cut at any byte, may have any of its blocks on the disk and the others not, in whatever order
/// they were written, or may have one bit of it flipped. What was synced before it is whole.
struct CrashStates {
    struct State {
        /// How many records were synced.
        var synced: Int
        var bytes: [UInt8]
        /// For the failure's text.
        var damage: String
    }

    /// The records as they lie in the file, line break included.
    var records: [[UInt8]]
    /// What stands behind the last record: reserved room is zeros.
    var rest = [UInt8](repeating: 0, count: 32)
    private static let blocks = 7

    /// Calls `body` with every state in which record `number`, counted from 0, was under way.
    func forEach(writing number: Int, _ body: (State) throws -> Void) rethrows {
        let before = Array(self.records[..<number].joined())
        let record = self.records[number]
        func state(_ bytes: [UInt8], _ damage: String) -> State {
            State(synced: number, bytes: before + bytes + self.rest, damage: "record \(number), \(damage)")
        }
        for length in 0...record.count { try body(state(Array(record[..<length]), "cut at \(length)")) }
        let size = max(1, (record.count + Self.blocks - 1) / Self.blocks)
        for written in 0..<(1 << Self.blocks) {
            let bytes = record.indices.map { written >> ($0 / size) & 1 == 1 ? record[$0] : 0 }
            try body(state(bytes, "blocks \(String(written, radix: 2))"))
        }
        for bit in 0..<(record.count * 8) {
            var bytes = record
            bytes[bit / 8] ^= 1 << (bit % 8)
            try body(state(bytes, "bit \(bit)"))
        }
    }
}

/// What a walk over crash states found.
struct Findings {
    var states = 0
    var wrong: [String] = []

    mutating func note(_ isRight: Bool, _ what: @autoclosure () -> String) {
        self.states += 1
        if !isRight { self.wrong.append(what()) }
    }

    static func + (left: Findings, right: Findings) -> Findings {
        Findings(states: left.states + right.states, wrong: left.wrong + right.wrong)
    }
}
