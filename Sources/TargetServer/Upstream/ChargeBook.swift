import OpsModel
import OpsSystem
import Synchronization

/// What a provider has done, by key; written down before anybody hears of it, so that a provider that was killed still knows.
final class ChargeBook: Sendable {
    private struct State {
        var byKey: [String: ChargeRecord] = [:]
        var inOrder: [ChargeRecord] = []
        /// How many records came before those in memory.
        var forgotten = 0

        mutating func keep(_ record: ChargeRecord) {
            byKey[record.key] = record
            inOrder.append(record)
            guard inOrder.count > ChargeBook.kept + 10_000 else { return }
            for old in inOrder.prefix(10_000) { byKey[old.key] = nil }
            inOrder.removeFirst(10_000)
            forgotten += 10_000
        }
    }

    /// About half an hour of a busy shop: nobody asks about, or repeats, what is older.
    private static let kept = 50_000

    private let state = Mutex(State())
    private let file: RecordFile<ChargeRecord>

    /// Opens the book of a provider, or begins one.
    init(directory: String, name: String) throws {
        let path = Self.path(directory, name)
        file = try RecordFile(path)
        let known = try RecordFile<ChargeRecord>.newest(of: path)
        state.withLock { state in
            state.forgotten = (known.first?.seq ?? 1) - 1
            for record in known { state.keep(record) }
        }
    }

    static func path(_ directory: String, _ name: String) -> String { "\(directory)/charges-\(name).jsonl" }

    /// The records of a book on disk since a moment, as far back as anybody asks.
    static func read(_ path: String, since moment: Double = 0) throws -> [ChargeRecord] {
        try RecordFile<ChargeRecord>.newest(of: path).filter { $0.at >= moment }
    }

    func find(_ key: String) -> ChargeRecord? { state.withLock { $0.byKey[key] } }

    func after(_ seq: Int, limit: Int) -> [ChargeRecord] {
        state.withLock { Array($0.inOrder.dropFirst(max(0, seq - $0.forgotten)).prefix(limit)) }
    }

    /// Writes a charge down once; the second value says whether it was there already.
    func record(_ charge: Charge, _ result: ChargeRecord.Result) throws -> (ChargeRecord, isRepeated: Bool) {
        try state.withLock { state in
            if let known = state.byKey[charge.key] { return (known, true) }
            let record = ChargeRecord(
                seq: state.forgotten + state.inOrder.count + 1,
                id: Identifier.random(prefix: "ch"),
                key: charge.key,
                amountCents: charge.amountCents,
                result: result,
                at: Timestamp.now().secondsSinceEpoch
            )
            try file.append(record)
            state.keep(record)
            return (record, false)
        }
    }
}
