import Glibc
import OpsModel
import OpsSystem

/// The latch on disk: one small file that every part of the injector reads before it acts.
struct LatchFile: Sendable {
    private let path: String
    /// A file that already has its room on the disk, for the day when there is no other.
    private let spare: String
    private static let room = 4_096

    init(state: String) {
        self.path = "\(state)/latch.json"
        self.spare = "\(state)/latch.spare"
    }

    /// Makes the room for a latch ahead of time.
    func reserve() throws(SystemError) {
        guard !FileSystem.exists(self.spare) else { return }
        let blanks = [UInt8](repeating: UInt8(ascii: " "), count: Self.room)
        try FileSystem.writeAtomically(blanks, to: self.spare, mode: 0o600)
    }

    /// The latch that is set, if any.
    ///
    /// A file that is there but says nothing readable counts as set: stopping is the safe side.
    func read() -> Latch? {
        guard FileSystem.exists(self.path) else { return nil }
        // Unreadable or damaged: somebody meant to stop us.
        if let bytes = try? FileSystem.read(self.path, limit: 65_536),
            let latch = try? OpsJSON.decode(Latch.self, from: bytes)
        {
            return latch
        }
        return Latch(killID: "unreadable", reason: "the latch file cannot be read", actor: "unknown", at: .now())
    }

    /// Sets the latch; whoever comes second gets the latch of the first.
    func raise(_ latch: Latch) throws(SystemError) -> Latch {
        let new = "\(self.path).\(Identifier.random())"
        let bytes = (try? OpsJSON.encode(latch)) ?? []  // cannot fail; an empty file would latch as well
        do throws(SystemError) { try FileSystem.writeAtomically(bytes, to: new, mode: 0o600) } catch {
            guard error.code == .diskFull else { throw error }
            try self.useSpare(bytes, as: new)
        }
        do throws(SystemError) {
            try FileSystem.moveNew(new, to: self.path)
            return latch
        } catch {
            let standing = self.read()
            try FileSystem.remove(new)
            guard error.code == .alreadyExists, let standing else { throw error }
            return standing
        }
    }

    /// Takes the latch away.
    func lower() throws(SystemError) {
        try FileSystem.remove(self.path)
        try FileSystem.fsyncDirectory(FileSystem.parent(of: self.path))
        try? self.reserve()  // a disk that is still full has to be freed anyway, and the next start tries again
    }

    /// Writes over the blanks of the spare, which needs no room.
    ///
    /// Without a spare, an empty file has to do: it latches as well.
    private func useSpare(_ bytes: [UInt8], as new: String) throws(SystemError) {
        guard rename(self.spare, new) == 0 else {
            return try FileDescriptor(opening: new, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600).sync(doing: "sync \(new)")
        }
        let file = try FileDescriptor(opening: new, O_WRONLY)
        // A reason that is longer than the room is left out: blanks alone are no latch that can be read, and stop as well.
        if bytes.count <= Self.room { try file.write(bytes, doing: "write \(new)") }
        try file.sync(doing: "sync \(new)")
    }
}
