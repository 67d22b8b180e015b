import Glibc
import OpsModel
import OpsSystem

/// Other content under a file's name, put there whole.
///
/// Taking it back means taking it away: what it replaced can be made again.
struct FileChange: Codable, Hashable, Sendable, Reversible {
    var path: String
    /// A private name beside it, used while the content is put in place.
    var staged: String
    /// Where an undo takes the file to look at it: not where a holder may still be writing.
    private var aside: String { "\(self.staged)-aside" }
    /// The directory that held the file; another one under the same name is somebody's repair.
    var directory: FileSystem.Inode
    var before: Fingerprint
    var ours: Fingerprint
    var mark: FaultMark { FaultMark(.file, self.path, fingerprint: self.ours.rawValue) }
    var undoing: String { "the file is taken away, if its content is still the fault's" }

    /// The file is first moved to our private name, where nobody else replaces it, and looked at there.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        do throws(SystemError) {
            guard FileSystem.inode(FileSystem.parent(of: self.path)) == self.directory else {
                return .superseded(seen: Fingerprint(rawValue: "another directory"))
            }
            try FileSystem.remove(self.staged)  // left by a holder that died before it put the content in place
            try self.settleAside(decide)
            return try self.takeAside(decide)
        } catch {
            throw ChaosError(.targetUnavailable, error.message)
        }
    }

    /// Replaces the file if it still is what the plan saw.
    func apply(_ bytes: [UInt8]) throws(ChaosError) {
        do throws(SystemError) {
            var status = stat()
            guard stat(self.path, &status) == 0, Fingerprint.of(try FileSystem.read(self.path)) == self.before else {
                throw SystemError(.failed, "\(self.path) changed meanwhile")
            }
            let file = try FileDescriptor(opening: self.staged, O_WRONLY | O_CREAT | O_EXCL)
            try file.write(bytes, doing: "write \(self.staged)")
            // Another user's file becomes ours; what it may be read by must stay.
            _ = fchown(file.raw, uid_t.max, status.st_gid)
            _ = fchmod(file.raw, status.st_mode & 0o7777)
            try file.sync(doing: "sync \(self.staged)")
            try FileSystem.move(self.staged, to: self.path)
        } catch {
            throw ChaosError(.notApplied, error.message)
        }
    }

    private func takeAside(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(SystemError) -> EffectOutcome {
        guard FileSystem.exists(self.path) else { return self.settled(decide(.absent)) }
        // Most files are not ours any more: a look saves moving them about.
        let seen = decide(Fingerprint.of(try FileSystem.read(self.path)))
        guard seen == .restore else { return self.settled(seen) }
        do throws(SystemError) { try FileSystem.moveNew(self.path, to: self.aside) } catch {
            if error.code == .notFound { return .superseded(seen: .absent) }
            throw error
        }
        guard let decision = try self.settleAside(decide) else {
            // Another undo dealt with it.
            return FileSystem.exists(self.path) ? .pending(waitsFor: self.path) : .reverted
        }
        return decision == .restore ? .reverted : self.settled(decision)
    }

    /// Removes what was taken aside if it is ours, and puts it back if it is not; nil when nothing is there.
    ///
    /// Another undo may be at work on the same file, or may have been ended half-way.
    @discardableResult
    private func settleAside(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(SystemError) -> CompareAndRevert.Decision? {
        do throws(SystemError) {
            let decision = decide(Fingerprint.of(try FileSystem.read(self.aside)))
            if decision != .restore { try self.putBack() }
            try FileSystem.remove(self.aside)
            return decision
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// A file that appeared under the name meanwhile is newer than what we took aside.
    private func putBack() throws(SystemError) {
        do throws(SystemError) { try FileSystem.moveNew(self.aside, to: self.path) } catch {
            guard error.code == .alreadyExists else { throw error }
        }
    }

    private func settled(_ decision: CompareAndRevert.Decision) -> EffectOutcome {
        switch decision {
        case .leaveClean: .alreadyClean
        case .leaveSuperseded(let seen): .superseded(seen: seen)
        case .restore, .retry: .pending(waitsFor: self.path)
        }
    }
}
