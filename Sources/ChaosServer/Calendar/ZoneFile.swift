/// Reads compiled time zones: TZif of version 2 or later, RFC 9636, as `zic` makes them.
enum ZoneFile {
    /// - Returns: nil when the bytes are no such file, or one that counts leap seconds.
    static func parse(_ bytes: [UInt8]) -> ZoneRules? {
        var reader = Reader(bytes: bytes)
        // The first block has moments of four bytes and is for readers that know no other.
        guard let old = reader.head(), old.version >= 2, reader.skip(old.length(momentSize: 4)),
            let head = reader.head(), head.leaps == 0, head.types > 0,
            let moments = reader.list(head.moments, { $0.integer(8) }),
            let kinds = reader.list(head.moments, { $0.integer(1) }),
            let offsets = reader.list(head.types, { $0.kind() }),
            reader.skip(head.names + head.standards + head.universals),
            kinds.allSatisfy({ offsets.indices.contains($0) }), zip(moments, moments.dropFirst()).allSatisfy(<),
            let footer = reader.footer()
        else { return nil }
        let rest = RecurringOffset(footer)
        guard rest != nil || footer.isEmpty else { return nil }
        let changes = zip(moments, kinds).map { ZoneRules.Change(at: $0, offset: offsets[$1]) }
        return ZoneRules(first: offsets[0], changes: changes, rest: rest)
    }

    private struct Head {
        var version = 0
        var universals = 0
        var standards = 0
        var leaps = 0
        var moments = 0
        var types = 0
        var names = 0

        /// Bytes of the block behind it.
        func length(momentSize: Int) -> Int {
            self.moments * (momentSize + 1) + self.types * 6 + self.names + self.leaps * (momentSize + 4)
                + self.standards + self.universals
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        var at = 0

        mutating func skip(_ count: Int) -> Bool {
            guard count >= 0, self.bytes.count - self.at >= count else { return false }
            self.at += count
            return true
        }

        /// A number of so many bytes with the highest first; signed, but for a single byte.
        mutating func integer(_ size: Int) -> Int? {
            let start = self.at
            guard self.skip(size) else { return nil }
            let bits = self.bytes[start..<self.at].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            switch size {
            case 4: return Int(Int32(truncatingIfNeeded: bits))
            case 8: return Int(Int64(bitPattern: bits))
            default: return Int(bits)
            }
        }

        mutating func list(_ count: Int, _ element: (inout Reader) -> Int?) -> [Int]? {
            var list: [Int] = []
            for _ in 0..<count {
                guard let next = element(&self) else { return nil }
                list.append(next)
            }
            return list
        }

        /// Offset, whether it is summer, where its name stands: only the first matters.
        mutating func kind() -> Int? {
            guard let offset = self.integer(4), abs(offset) < 93_600, self.skip(2) else { return nil }
            return offset
        }

        mutating func head() -> Head? {
            let start = self.at
            guard self.skip(20), self.bytes[start..<(start + 4)].elementsEqual("TZif".utf8) else { return nil }
            var head = Head()
            head.version = Int(self.bytes[start + 4]) - Int(UInt8(ascii: "0"))
            // More than any file has, and few enough that no sum of them overflows.
            guard let counts = self.list(6, { $0.integer(4) }), counts.allSatisfy({ (0...100_000).contains($0) })
            else { return nil }
            (head.universals, head.standards, head.leaps) = (counts[0], counts[1], counts[2])
            (head.moments, head.types, head.names) = (counts[3], counts[4], counts[5])
            return head
        }

        /// The line at the end.
        func footer() -> String? {
            let rest = self.bytes[self.at...]
            guard rest.first == 10, let end = rest.dropFirst().firstIndex(of: 10) else { return nil }
            return String(decoding: rest[(self.at + 1)..<end], as: UTF8.self)
        }
    }
}
