import Glibc
import OpsModel
import OpsSystem
import Synchronization

/// What a provider has done, by key; written down before anybody hears of it, so that a provider that was killed still knows.
final class ChargeBook: Sendable {
    private struct State {
        var byKey: [String: ChargeRecord] = [:]
        var inOrder: [ChargeRecord] = []
    }

    private let state = Mutex(State())
    private let file: FileDescriptor

    /// Opens the book of a provider, or begins one.
    init(directory: String, name: String) throws {
        let path = Self.path(directory, name)
        if FileSystem.exists(path) {
            let known = try Self.read(path)
            state.withLock { state in
                state.inOrder = known
                state.byKey = Dictionary(known.map { ($0.key, $0) }) { first, _ in first }
            }
        }
        file = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o640)
    }

    static func path(_ directory: String, _ name: String) -> String { "\(directory)/charges-\(name).jsonl" }

    /// All records of a book on disk; a torn last line, from a process that was killed in the middle of it, is left out.
    static func read(_ path: String) throws -> [ChargeRecord] {
        try FileSystem.read(path, limit: 256 << 20).split(separator: 0x0A).compactMap {
            try? OpsJSON.decode(ChargeRecord.self, from: $0)
        }
    }

    func find(_ key: String) -> ChargeRecord? { state.withLock { $0.byKey[key] } }

    func after(_ seq: Int, limit: Int) -> [ChargeRecord] {
        state.withLock { Array($0.inOrder.dropFirst(max(0, seq)).prefix(limit)) }
    }

    /// Writes a charge down once; the second value says whether it was there already.
    func record(_ charge: Charge, _ result: ChargeRecord.Result) throws -> (ChargeRecord, isRepeated: Bool) {
        try state.withLock { state in
            if let known = state.byKey[charge.key] { return (known, true) }
            let record = ChargeRecord(
                seq: state.inOrder.count + 1,
                id: Identifier.random(prefix: "ch"),
                key: charge.key,
                amountCents: charge.amountCents,
                result: result,
                at: Timestamp.now().secondsSinceEpoch
            )
            try file.write(OpsJSON.encode(record) + [0x0A], doing: "write a charge down")
            state.byKey[charge.key] = record
            state.inOrder.append(record)
            return (record, false)
        }
    }
}
