import Glibc
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
    private let file: FileDescriptor

    init(directory: String) throws {
        try FileSystem.makeDirectory(directory, mode: 0o750)
        let path = "\(directory)/orders.jsonl"
        if FileSystem.exists(path) {
            let known = try FileSystem.read(path, limit: 256 << 20).split(separator: 0x0A).compactMap {
                try? OpsJSON.decode(Entry.self, from: $0)  // a torn last line, from a process that was killed
            }
            entries.withLock { $0 = known.suffix(Self.kept) }
        }
        file = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o640)
    }

    func add(_ entry: Entry) throws {
        let line = try OpsJSON.encode(entry) + [0x0A]
        try entries.withLock { entries in
            try file.write(line, doing: "write an order down")
            entries.append(entry)
            if entries.count > Self.kept + 10_000 { entries.removeFirst(10_000) }
        }
    }

    func since(_ moment: Double) -> [Entry] {
        entries.withLock { Array($0.reversed().prefix { $0.at >= moment }.reversed()) }
    }
}
