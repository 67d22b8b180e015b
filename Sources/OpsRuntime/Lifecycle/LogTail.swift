import Glibc
import OpsSystem

/// The end of a log file, and what is added to it.
public struct LogTail: Sendable {
    private static let window = 256 << 10

    /// The last lines of a file, of those behind `start`; none when there is no such file.
    public static func last(_ count: Int, of path: String, after start: Int = 0) -> [String] {
        guard let file = try? FileDescriptor(opening: path, O_RDONLY) else { return [] }  // a program that never ran
        let text = Self.read(file, from: max(start, Self.size(file) - Self.window))
        return Array(text.split(separator: "\n").suffix(count).map(String.init))
    }

    /// How long a file is now; 0 when there is none.
    static func size(of path: String) -> Int {
        (try? FileDescriptor(opening: path, O_RDONLY)).map(Self.size) ?? 0  // not there yet
    }

    private static func size(_ file: FileDescriptor) -> Int { max(0, Int(lseek(file.raw, 0, SEEK_END))) }

    private let path: String
    private var file: FileDescriptor?
    private var inode: FileSystem.Inode?
    private var offset = 0

    /// Follows a file from its present end.
    public init(following path: String) {
        self.path = path
        self.reopen()
        if let file { self.offset = Self.size(file) }
    }

    /// Whole lines that were added since the last call, also across a rotation.
    public mutating func added() -> [String] {
        if FileSystem.inode(self.path) != self.inode { self.reopen() }
        guard let file else { return [] }
        let text = Self.read(file, from: self.offset)
        guard let end = text.utf8.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        let whole = text[...end]
        self.offset += whole.utf8.count
        return whole.split(separator: "\n").map(String.init)
    }

    private mutating func reopen() {
        self.file = try? FileDescriptor(opening: self.path, O_RDONLY)  // not there yet
        self.inode = self.file == nil ? nil : FileSystem.inode(self.path)
        self.offset = 0
    }

    private static func read(_ file: FileDescriptor, from offset: Int) -> String {
        var buffer = [UInt8](repeating: 0, count: Self.window)
        let count = pread(file.raw, &buffer, buffer.count, off_t(offset))
        return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
    }
}
