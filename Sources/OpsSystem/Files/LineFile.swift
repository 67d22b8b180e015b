import Glibc

/// A file of lines that only grows; a line stands in it whole or not at all.
///
/// One writer at a time, which its owner sees to.
package struct LineFile: Sendable {
    package let path: String
    private let mode: UInt32

    package init(path: String, mode: UInt32) { (self.path, self.mode) = (path, mode) }

    /// Adds one line; what the disk does not take whole is taken back, and if that fails too, the next start cuts it off.
    package func append(_ line: [UInt8], isDurable: Bool = false) throws(SystemError) {
        let file = try FileDescriptor(opening: self.path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, mode: self.mode)
        let end = lseek(file.raw, 0, SEEK_END)
        do throws(SystemError) { try file.write(line, doing: "write to \(self.path)") } catch {
            if end >= 0 { ftruncate(file.raw, end) }
            throw error
        }
        if isDurable { try file.sync(doing: "write to \(self.path)") }
    }

    /// Cuts off a last line that never got its end, before another one is written behind it.
    ///
    /// A broken line that has an end, or others behind it, was no accident and stays where it is.
    package func cutTornTail() throws(SystemError) {
        guard FileSystem.exists(self.path) else { return }
        let end = try FileSystem.readEnd(self.path, limit: 1 << 20)
        let torn = end.count - (end.lastIndex(of: UInt8(ascii: "\n")) ?? -1) - 1
        guard torn > 0 else { return }
        let file = try FileDescriptor(opening: self.path, O_WRONLY | O_NOFOLLOW)
        guard ftruncate(file.raw, lseek(file.raw, 0, SEEK_END) - torn) == 0 else {
            throw SystemError(errno: errno, doing: "cut the torn last line off \(self.path)")
        }
        try file.sync(doing: "cut the torn last line off \(self.path)")
    }
}
