import OpsModel
import OpsSystem

/// A file of JSON lines that only grows, and that is read from its end.
struct RecordFile<Record: Codable & Sendable>: Sendable {
    private let file: LineFile

    /// Opens a file or begins one; of a file larger than `limit` bytes, only the newest half of that is kept.
    init(_ path: String, limit: Int = 64 << 20) throws {
        file = LineFile(path: path, mode: 0o640)
        // Others look for it from the start.
        if !FileSystem.exists(path) { try FileSystem.writeAtomically([UInt8](), to: path, mode: 0o640) }
        try file.cutTornTail()
        let whole = try Self.end(of: path, bytes: limit)
        guard whole.isCut else { return }
        let kept = Self.withoutFirstLine(whole.bytes.suffix(limit / 2))
        try FileSystem.writeAtomically(Array(kept), to: path, mode: 0o640)
    }

    /// Writes one record down before it returns.
    func append(_ record: Record) throws { try file.append(try OpsJSON.encode(record) + [0x0A]) }

    /// The newest records, oldest first, out of so many bytes at the end.
    static func newest(of path: String, bytes: Int = 32 << 20) throws -> [Record] {
        guard FileSystem.exists(path) else { return [] }
        let end = try end(of: path, bytes: bytes)
        let lines = end.isCut ? withoutFirstLine(end.bytes[...]) : end.bytes[...]
        return lines.split(separator: 0x0A).compactMap {
            try? OpsJSON.decode(Record.self, from: $0)  // a line that is being written
        }
    }

    private static func end(of path: String, bytes: Int) throws -> (bytes: [UInt8], isCut: Bool) {
        let all = try FileSystem.readEnd(path, limit: bytes + 1)
        return all.count > bytes ? (Array(all.dropFirst()), true) : (all, false)
    }

    private static func withoutFirstLine(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes[(bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.endIndex)...]
    }
}
