import OpsModel

/// The time as a process has it: the machine's, and so many seconds more while a strain asks for it.
struct StrainedClock: Sendable {
    let board: StrainBoard

    var now: Timestamp { self.shifted ?? .now() }

    /// Nil while it is the machine's time.
    var shifted: Timestamp? {
        let seconds = self.board.amount(.clock)
        return seconds > 0 ? .now() + Double(seconds) : nil
    }
}
