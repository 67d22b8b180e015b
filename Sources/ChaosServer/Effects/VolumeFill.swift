import Glibc
import OpsModel
import OpsSystem

/// A file that takes what is free on a volume of its own, under a name that nobody else has.
struct VolumeFill: Codable, Hashable, Sendable, Reversible {
    var volume: VolumeAccess
    var path: String
    /// The directory that holds the file; another one under the same name is somebody else's.
    var directory: FileSystem.Inode
    /// What the file consists of, over and over.
    var line: String

    var before: Fingerprint { .absent }
    var ours: Fingerprint { .of(self.line) }
    var mark: FaultMark { FaultMark(.file, self.path) }
    var undoing: String { "the file is taken away, if it is still the fault's" }

    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        // Another directory: the file is gone with its volume.
        guard FileSystem.inode(self.volume.path) == self.directory else { return .alreadyClean }
        do throws(SystemError) {
            switch decide(try self.live()) {
            case .leaveClean: return .alreadyClean
            case .leaveSuperseded(let seen): return .superseded(seen: seen)
            case .retry: return .pending(waitsFor: self.path)
            case .restore:
                try FileSystem.remove(self.path)
                return .reverted
            }
        } catch {
            throw ChaosError(.targetUnavailable, error.message)
        }
    }

    /// The name was drawn by chance: nobody replaces the file between this look and its removal.
    private func live() throws(SystemError) -> Fingerprint {
        guard FileSystem.exists(self.path) else { return .absent }
        let file = try FileDescriptor(opening: self.path, O_RDONLY | O_NOFOLLOW)
        var start = [UInt8](repeating: 0, count: self.line.utf8.count)
        let count = retryInterrupted { pread(file.raw, &start, start.count, 0) }
        guard count >= 0 else { throw SystemError(errno: errno, doing: "read \(self.path)") }
        // One that was made and got nothing, because nothing was free, is ours as well.
        return count == 0 || Array(self.line.utf8.prefix(count)) == Array(start.prefix(count))
            ? self.ours : .of("other")
    }

    /// Why this directory must not be filled; nil where it is a small volume of its own.
    static func refusal(of volume: VolumeAccess) -> String? {
        guard let own = FileSystem.inode(volume.path), let outer = FileSystem.inode(FileSystem.parent(of: volume.path))
        else { return "\(volume.path) is not there" }
        guard own.device != outer.device else { return "\(volume.path) is no volume of its own" }
        guard let size = Self.size(of: volume.path), size <= Double(volume.quota) * 1.1 else {
            return "the volume at \(volume.path) is larger than the quota that is declared"
        }
        return nil
    }

    private static func size(of path: String) -> Double? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Double(status.f_blocks) * Double(status.f_frsize)
    }

    /// Writes until nothing is free for a while: whoever works there gives a little back now and then, and that is taken too.
    ///
    /// - Returns: the bytes that it holds.
    func apply() throws(ChaosError) -> Int {
        if let reason = Self.refusal(of: self.volume) { throw ChaosError(.conflict, reason, hint: "ask again") }
        do throws(SystemError) {
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
            let file = try FileDescriptor(opening: self.path, flags, mode: 0o664)
            _ = fchmod(file.raw, 0o664)  // the umask must not decide who may look at it
            return try self.fill(file)
        } catch {
            throw ChaosError(.notApplied, error.message)
        }
    }

    private func fill(_ file: FileDescriptor) throws(SystemError) -> Int {
        let text = Array(self.line.utf8)
        let block = Array(repeatElement(text, count: max(1, 65_536 / text.count)).joined())
        let quiet: UInt64 = 1_000_000_000
        var (done, size) = (0, block.count)
        var last = BootClock.now()
        while BootClock.now() - last < quiet, done < self.volume.quota * 2 {
            // From the place in the text where the last one ended, so that the file reads as one.
            let from = done % text.count
            let part = Array((block + text)[from..<(from + size)])
            let count = retryInterrupted { Glibc.write(file.raw, part, part.count) }
            if count > 0 {
                (done, last) = (done + count, BootClock.now())
                continue
            }
            guard count == 0 || errno == ENOSPC else { throw SystemError(errno: errno, doing: "write \(self.path)") }
            if size > 4_096 { size = 4_096 } else { _ = Descriptors.ready([], milliseconds: 5) }
        }
        return done
    }
}
