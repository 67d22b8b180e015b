import Glibc
import OpsModel
import OpsSystem
import Synchronization

/// What a provider has done, by key; written down before anybody hears of it, so that a provider that was killed still knows.
final class ChargeBook: Sendable {
    private struct State {
        var byKey: [String: ChargeRecord] = [:]
        var inOrder: [ChargeRecord] = []
        /// How many records came before those in memory; all of them are in the file.
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
    private let file: FileDescriptor

    /// Opens the book of a provider, or begins one.
    init(directory: String, name: String) throws {
        let path = Self.path(directory, name)
        if FileSystem.exists(path) {
            let known = try Self.read(path)
            state.withLock { state in
                for record in known { state.keep(record) }
            }
        }
        file = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o640)
    }

    static func path(_ directory: String, _ name: String) -> String { "\(directory)/charges-\(name).jsonl" }

    /// All records of a book on disk; a torn last line, from a process that was killed in the middle of it, is left out.
    static func read(_ path: String, since moment: Double = 0) throws -> [ChargeRecord] {
        let lines = try FileSystem.read(path, limit: 256 << 20).split(separator: 0x0A)
        var records: [ChargeRecord] = []
        for line in lines.reversed() {
            guard let record = try? OpsJSON.decode(ChargeRecord.self, from: line) else { continue }
            if record.at < moment { break }
            records.append(record)
        }
        return records.reversed()
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
            try file.write(OpsJSON.encode(record) + [0x0A], doing: "write a charge down")
            state.keep(record)
            return (record, false)
        }
    }
}
