import OpsModel
import OpsSystem

/// The latch on disk: one small file that every part of the injector reads before it acts.
struct LatchFile: Sendable {
    private let path: String

    init(state: String) { self.path = "\(state)/latch.json" }

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
        try FileSystem.writeAtomically(bytes, to: new, mode: 0o600)
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
    }
}
