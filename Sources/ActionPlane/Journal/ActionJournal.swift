import OpsModel
import OpsSystem
import Synchronization

/// The service's own memory of grants and runs: on disk first, then in the ledger.
final class ActionJournal: Sendable {
    /// A line and its number, counted from 1: what an audit row refers to.
    struct Position: Hashable, Sendable {
        var number: Int
        var line: [UInt8]
    }

    private struct State {
        var ledger = ActionLedger()
        var count = 0
        var endings: [String: Position] = [:]

        mutating func apply(_ entry: JournalEntry?, _ line: [UInt8]) {
            count += 1
            guard let entry else { return }
            ledger.apply(entry)
            if case .ended(let end) = entry { endings[end.run] = Position(number: count, line: line) }
        }
    }

    private let journal: Journal
    private let state: Mutex<State>
    /// Grants issued before this moment are refused, because the memory of their use may be lost; nil when it never was.
    let forgetsBefore: Timestamp?

    /// Opens the journal in a directory of its own; a second process on the same directory is refused.
    init(directory: String, confirmsClock: Bool = false, now: Timestamp = .now()) throws(ActionError) {
        do {
            let stored = try Journal.read(directory)
            let entries = stored.records.map { try? OpsJSON.decode(JournalEntry.self, from: $0) }
            // A line that is intact and yet unreadable was written by another version: its grants are not known here.
            let isWhole = stored.torn == 0 && !entries.isEmpty && entries.allSatisfy { $0 != nil }
            journal = try Journal(directory: directory)
            var read = State()
            for (entry, line) in zip(entries, stored.records) { read.apply(entry, line) }
            forgetsBefore = read.ledger.horizon(isWhole: isWhole, confirmsClock: confirmsClock, now: now)
            state = Mutex(read)
        } catch {
            throw ActionError(.recordUnwritable, "the action journal cannot be opened: \(error)")
        }
        let opened = JournalEntry.Opened(
            bootID: BootClock.bootID,
            at: now,
            confirmsClock: confirmsClock,
            forgetsBefore: forgetsBefore
        )
        try append(.opened(opened))
    }

    /// What the lines so far add up to.
    var ledger: ActionLedger { state.withLock { $0.ledger } }

    /// Where the journal says how a run ended; nil while it does not.
    func ending(of run: String) -> Position? { state.withLock { $0.endings[run] } }

    /// Whether a new run may begin: there is room for its last lines too.
    var isWritable: Bool { !journal.isDead && journal.hasReserve }

    /// Writes one line and returns when it is on disk.
    func append(_ entry: JournalEntry) throws(ActionError) {
        let failure: ActionError? = state.withLock { state in
            do throws(ActionError) { try self.write(entry, in: &state) } catch { return error }
            return nil
        }
        if let failure { throw failure }
    }

    /// Uses up the grants of a request, or finds that the same request was made before.
    func consume(_ consumption: Consumption) throws(ActionError) -> ActionLedger.Admission {
        let result: Result<ActionLedger.Admission, ActionError> = state.withLock { state in
            do throws(ActionError) {
                let admission = try state.ledger.admit(consumption.request, grants: consumption.grants)
                guard admission == .fresh else { return .success(admission) }
                guard self.isWritable else {
                    throw ActionError(.recordUnwritable, "there is no room to record an action, so none is begun")
                }
                try self.write(.consumed(consumption), in: &state)
                return .success(.fresh)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func write(_ entry: JournalEntry, in state: inout State) throws(ActionError) {
        do {
            let line = try OpsJSON.encode(entry)
            try journal.append(line)
            state.apply(entry, line)
        } catch {
            throw ActionError(
                .recordUnwritable,
                "the action journal cannot be written: \(error)",
                hint: "free some space and restart ActionPlane"
            )
        }
    }
}
