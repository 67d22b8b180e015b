import Glibc
import OpsSystem

/// Puts another content in a file's place in one step, and takes it back when what came out is not what was expected.
///
/// No reader ever finds the name missing, and nobody's change is lost: not even when whoever exchanges dies in between, for
/// what came out then lies under the private name, and ``settle(_:)`` gives it back.
struct FileExchange: Hashable, Sendable {
    let path: String
    /// A private name beside it, at which a content lies before and after the exchange.
    let staged: String
    /// A content that is not whole yet: it is never exchanged.
    private var unfinished: String { "\(self.staged)-new" }

    /// What is there now.
    func live() throws(SystemError) -> Fingerprint {
        try FileSystem.exists(self.path) ? self.fingerprint(self.path) : .absent
    }

    /// Gives what came out instead of what was expected, after having put that back; nil when all went well.
    func put(_ content: [UInt8], for expected: Set<Fingerprint>) throws(SystemError) -> Fingerprint? {
        try self.stage(content)
        try FileSystem.exchange(self.staged, self.path)
        let found = try self.fingerprint(self.staged)
        let isExpected = expected.contains(found)
        if !isExpected { try FileSystem.exchange(self.staged, self.path) }
        try FileSystem.remove(self.staged)
        return isExpected ? nil : found
    }

    /// Removes what a holder or an undo that died has left; what somebody else had written goes back to where it was.
    func settle(_ known: Set<Fingerprint>) throws(SystemError) {
        try FileSystem.remove(self.unfinished)
        guard FileSystem.exists(self.staged) else { return }
        let (staged, live) = (try self.fingerprint(self.staged), try self.fingerprint(self.path))
        if !known.contains(staged), known.contains(live) { try FileSystem.exchange(self.staged, self.path) }
        try FileSystem.remove(self.staged)
    }

    private func stage(_ content: [UInt8]) throws(SystemError) {
        var status = stat()
        guard stat(self.path, &status) == 0 else { throw SystemError(errno: errno, doing: "look at \(self.path)") }
        try FileSystem.remove(self.unfinished)
        let file = try FileDescriptor(opening: self.unfinished, O_WRONLY | O_CREAT | O_EXCL)
        try file.write(content, doing: "write \(self.staged)")
        // Another user's file becomes ours; what it may be read by must stay.
        _ = fchown(file.raw, uid_t.max, status.st_gid)
        _ = fchmod(file.raw, status.st_mode & 0o7777)
        try file.sync(doing: "sync \(self.staged)")
        try FileSystem.move(self.unfinished, to: self.staged)
    }

    private func fingerprint(_ path: String) throws(SystemError) -> Fingerprint {
        .of(try FileSystem.read(path, limit: 1 << 20))
    }
}
