import OpsModel
import OpsSystem

extension Journal {
    /// Writes one line about a fault and returns when it is on disk.
    ///
    /// With a latch it is raised when the disk has failed under the line, so that nothing new begins.
    func append(_ line: JournalLine, orLatch latch: LatchFile? = nil) throws(ChaosError) {
        do {
            try self.append(OpsJSON.encode(line))
        } catch {
            let failure = ChaosError(
                .journalFailed,
                "a line could not be recorded: \(error)",
                hint: "see the disk of the state directory"
            )
            if self.isDead, let error = error as? SystemError, Self.isDiskFailure(error.code) {
                latch?.raise(after: failure)
            }
            throw failure
        }
    }

    /// Whether what killed a journal says that the disk cannot be believed any more.
    ///
    /// A full disk can: it refuses what it has no room for. What a dead journal answers later says nothing new.
    static func isDiskFailure(_ code: SystemError.Code) -> Bool { code != .diskFull && code != .journalDead }
}

extension LatchFile {
    /// A disk that has lost a line may lose the next one as well: nothing new begins, and what runs is taken back.
    func raise(after failure: ChaosError) {
        let latch = Latch(killID: Identifier.random(), reason: failure.message, actor: "journal", at: .now())
        // Where the latch cannot be written either, the journals refuse by themselves.
        _ = try? self.raise(latch)
    }
}
