import OpsModel
import OpsSystem
import OpsTrust

/// The snapshots on disk, in a directory that this service alone can read.
///
/// One appears whole or not at all: it is written under another name first.
struct SnapshotShelf: Sendable {
    /// What all snapshots together may take on disk.
    static let largest = 512 << 20

    let directory: String
    /// How many are kept, besides those that hold the last whole state of a table.
    let keep: Int

    /// The oldest first; what cannot be read is no snapshot.
    var snapshots: [Snapshot] {
        let names = (try? FileSystem.list(directory)) ?? []  // none was taken yet
        return names.filter { !$0.hasPrefix(".") }.sorted().compactMap { name in
            guard let bytes = try? FileSystem.read("\(directory)/\(name)/snapshot.json") else { return nil }
            return try? OpsJSON.decode(Snapshot.self, from: bytes)
        }
    }

    /// The newest snapshot of this database in which a table is whole and its file undamaged, with its rows.
    func restorable(_ table: String, of database: String) -> (snapshot: Snapshot, copy: TableCopy, rows: [String])? {
        for (snapshot, copy) in Self.whole(table, in: snapshots.filter { $0.database == database }).reversed() {
            // One that cannot be read is passed over for an older one.
            if let rows = try? self.rows(of: copy, in: snapshot) { return (snapshot, copy, rows) }
        }
        return nil
    }

    /// The snapshots, the oldest first, in which a table has not lost most of the rows that it has in any.
    static func whole(_ table: String, in all: [Snapshot]) -> [(snapshot: Snapshot, copy: TableCopy)] {
        let copies = all.compactMap { snapshot in snapshot.table(table).map { (snapshot: snapshot, copy: $0) } }
        let most = copies.map(\.copy.rows).max() ?? 0
        return copies.filter { $0.copy.rows > 0 && $0.copy.rows * 2 >= most }
    }

    /// The rows of a table, a JSON object each.
    func rows(of copy: TableCopy, in snapshot: Snapshot) throws(ActionError) -> [String] {
        let bytes: [UInt8]
        do { bytes = try FileSystem.read("\(directory)/\(snapshot.id)/\(copy.name).jsonl", limit: Self.largest) } catch
        {
            throw ActionError(.effectFailed, "the snapshot cannot be read: \(error.message)")
        }
        guard Digest.sha256(bytes).hex == copy.digest else {
            throw ActionError(.effectFailed, "the snapshot's rows are not those that were written")
        }
        return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    func add(_ snapshot: Snapshot, _ rows: [String: [UInt8]]) throws(SystemError) {
        let staged = "\(directory)/.new"
        try FileSystem.removeTree(staged)  // of a service that died
        try FileSystem.makeDirectory(staged)
        for (table, bytes) in rows {
            try FileSystem.writeAtomically(bytes, to: "\(staged)/\(table).jsonl", mode: 0o600)
        }
        guard let manifest = try? OpsJSON.encode(snapshot) else { return }  // it has no number that JSON could not say
        try FileSystem.writeAtomically(manifest, to: "\(staged)/snapshot.json", mode: 0o600)
        try FileSystem.move(staged, to: "\(directory)/\(snapshot.id)")
        try prune(of: snapshot.database)
    }

    /// Snapshots of another database go first; then the oldest, but never the last one in which a table is whole.
    private func prune(of database: String) throws(SystemError) {
        let all = snapshots
        let own = all.filter { $0.database == database }
        let tables = Set(own.flatMap { $0.tables.map(\.name) })
        let needed = Set(tables.compactMap { Self.whole($0, in: own).last?.snapshot.id })
        let kept = needed.union(own.suffix(keep).map(\.id))
        for snapshot in all where !kept.contains(snapshot.id) {
            try FileSystem.removeTree("\(directory)/\(snapshot.id)")
        }
    }
}
