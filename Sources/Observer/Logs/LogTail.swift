import Glibc

/// Follows one log file through growth, truncation and rotation.
///
/// Begins at the end of the file: what was logged before Observer started says nothing about now.
struct LogTail: Sendable {
    /// The lines that came, and how much was too far behind to be read.
    struct Reading: Sendable {
        var lines: [ArraySlice<UInt8>] = []
        var skipped = 0
    }

    let path: String
    private var offset: Int?
    private var inode: UInt64 = 0
    private var rest: [UInt8] = []

    /// Bytes read in one go.
    static let limit = 1 << 20

    init(path: String, fromStart: Bool = false) {
        self.path = path
        offset = fromStart ? 0 : nil
    }

    /// The whole lines written since the last call; none when the file is missing or not readable.
    mutating func read() -> Reading {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return Reading() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return Reading() }
        let size = Int(status.st_size)
        follow(inode: UInt64(status.st_ino), size: size)
        var from = offset ?? size
        let skipped = max(0, size - from - Self.limit)
        if skipped > 0 { rest = [] }
        from += skipped
        let chunk = bytes(of: descriptor, from: from, count: min(Self.limit, size - from))
        offset = from + chunk.count
        return Reading(lines: lines(from: chunk), skipped: skipped)
    }

    /// Another file under the same name, or a shorter one, is read from its beginning.
    private mutating func follow(inode now: UInt64, size: Int) {
        defer { inode = now }
        guard let known = offset else {
            offset = size
            return
        }
        if (inode != 0 && inode != now) || size < known {
            offset = 0
            rest = []
        }
    }

    private func bytes(of descriptor: Int32, from: Int, count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let got = pread(descriptor, buffer.baseAddress, count, from)
            initialized = max(0, got)
        }
    }

    /// Keeps the last, unfinished line for the next call.
    private mutating func lines(from chunk: [UInt8]) -> [ArraySlice<UInt8>] {
        rest += chunk
        guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else {
            if rest.count > Self.limit { rest = [] }
            return []
        }
        let whole = rest[...end].split(separator: UInt8(ascii: "\n"))
        rest = Array(rest[(end + 1)...])
        return whole
    }
}
