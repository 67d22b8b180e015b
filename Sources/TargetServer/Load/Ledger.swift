import OpsModel
import OpsSystem
import Synchronization

/// What the shop acknowledged to its customers, written down on their side.
final class Ledger: Sendable {
    /// One acknowledged purchase.
    struct Entry: Codable, Sendable, Equatable {
        /// Seconds since 1970.
        var at: Double
        var order: String
        var key: String
        var customer: Int
        var amountCents: Int
        var charge: String

        enum CodingKeys: String, CodingKey {
            case at
            case order
            case key
            case customer
            case amountCents = "amount_cents"
            case charge
        }
    }

    private static let kept = 100_000
    private let entries = Mutex<[Entry]>([])
    private let file: RecordFile<Entry>

    init(directory: String) throws {
        try FileSystem.makeDirectory(directory, mode: 0o750)
        let path = "\(directory)/orders.jsonl"
        file = try RecordFile(path)
        let known = try RecordFile<Entry>.newest(of: path)
        entries.withLock { $0 = known.suffix(Self.kept) }
    }

    func add(_ entry: Entry) throws {
        try entries.withLock { entries in
            try file.append(entry)
            entries.append(entry)
            if entries.count > Self.kept + 10_000 { entries.removeFirst(10_000) }
        }
    }

    func since(_ moment: Double) -> [Entry] {
        entries.withLock { Array($0.reversed().prefix { $0.at >= moment }.reversed()) }
    }
}
