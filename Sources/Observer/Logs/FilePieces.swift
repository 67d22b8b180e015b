import Glibc

/// The lines of a file, a mebibyte at a time.
struct FilePieces {
    private let file: OwnedFile
    private var rest: [UInt8] = []
    private var isOver = false

    /// Nil when the file cannot be opened.
    init?(path: String) {
        guard let file = OwnedFile(path: path) else { return nil }
        self.file = file
    }

    /// The next whole lines; the last one need not end with a line end.
    ///
    /// Nil after all of them.
    mutating func next() -> [ArraySlice<UInt8>]? {
        while !isOver {
            let chunk = file.read()
            isOver = chunk.isEmpty
            rest += chunk
            let end = isOver ? rest.endIndex : rest.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            guard end > 0 else { continue }
            let lines = rest[..<end].split(separator: UInt8(ascii: "\n"))
            rest = Array(rest[end...])
            return lines
        }
        return nil
    }
}

/// A descriptor that is closed with its owner.
private final class OwnedFile {
    private let descriptor: Int32

    init?(path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    func read() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
            count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
        }
    }
}
