import Glibc
import OpsModel
import OpsSystem

/// A file of JSON lines that only grows, and that is read from its end.
///
/// A line is whole or absent: what could be written only in part is cut off again, be it by a full disk or by a killed process.
/// One writer at a time, which its owner sees to.
final class RecordFile<Record: Codable & Sendable>: Sendable {
    private let path: String
    private let file: FileDescriptor

    /// Opens a file or begins one; of a file larger than `limit` bytes, only the newest half of that is kept.
    init(_ path: String, limit: Int = 64 << 20) throws {
        if FileSystem.exists(path) {
            let whole = try Self.end(of: path, bytes: limit)
            let kept = whole.isCut ? Self.withoutFirstLine(whole.bytes.suffix(limit / 2)) : whole.bytes[...]
            let lines = kept[..<(kept.lastIndex(of: 0x0A).map { $0 + 1 } ?? kept.startIndex)]
            if whole.isCut || lines.count < kept.count {
                try FileSystem.writeAtomically(Array(lines), to: path, mode: 0o640)
            }
        }
        self.path = path
        file = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o640)
    }

    /// Writes one record down before it returns.
    func append(_ record: Record) throws {
        let line = try OpsJSON.encode(record) + [0x0A]
        let before = try size()
        do {
            try file.write(line, doing: "write to \(path)")
        } catch {
            ftruncate(file.raw, before)  // the next line must not be glued to half of this one
            throw error
        }
    }

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

    private func size() throws -> off_t {
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw SystemError(errno: errno, doing: "look at \(path)") }
        return status.st_size
    }
}
