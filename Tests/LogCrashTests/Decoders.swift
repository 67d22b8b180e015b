import OpsSystem

/// Readers of a journal's bytes: the real one, and broken ones that the harness has to catch.
enum Decoders {
    typealias Decoder = @Sendable ([UInt8]) -> JournalFrame.Contents

    static let real: Decoder = { JournalFrame.decode($0) }

    /// Takes whatever stands in a line's place, without asking its checksum.
    static let trusting: Decoder = { bytes in
        let used = bytes[..<((bytes.lastIndex { $0 != 0 } ?? -1) + 1)]
        var contents = JournalFrame.decode([])
        contents.records = used.split(separator: UInt8(ascii: "\n")).map { Array($0.dropFirst(18)) }
        return contents
    }

    /// Gives up the whole log for one damaged line.
    static let strict: Decoder = { bytes in
        var contents = JournalFrame.decode(bytes)
        if contents.torn != 0 { contents.records = [] }
        return contents
    }

    /// Says that nothing was damaged.
    static let silent: Decoder = { bytes in
        var contents = JournalFrame.decode(bytes)
        contents.torn = 0
        return contents
    }
}

/// The records of a journal as they lie in its file.
func frames(in bytes: [UInt8]) -> [[UInt8]] {
    JournalFrame.decode(bytes).records.map(JournalFrame.encode)
}
