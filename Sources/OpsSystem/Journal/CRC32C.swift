/// The Castagnoli checksum: it finds every single flipped bit and every torn tail of a journal line.
package enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    }

    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { value, byte in value >> 8 ^ self.table[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
        }
    }
}
