import OpsModel
import OpsSystem

/// The directory of journals: one directory per fault, in it one log per writing process.
///
/// A log has one writer, so that no process ever waits for another to record what it does. What a fault is follows from all its
/// logs together.
struct FaultStore: Sendable {
    /// Who writes a log.
    enum Writer: String, CaseIterable, Sendable {
        case server
        case holder
        case undo
    }

    /// Room for the longest undo's lines, kept free from the start.
    static let reserve = 1 << 16
    let directory: String

    init(state: String) { self.directory = "\(state)/faults" }

    func prepare() throws(SystemError) { try FileSystem.makeDirectory(self.directory, mode: 0o700) }

    // Unknown: none
    var hasReserve: Bool { ((try? FileSystem.freeSpace(self.directory)) ?? 0) > UInt64(Self.reserve) * 8 }

    /// The faults on disk; a directory that cannot be listed holds none that we could undo.
    func ids() throws(SystemError) -> [String] {
        guard FileSystem.exists(self.directory) else { return [] }
        return try FileSystem.list(self.directory).filter(Self.isID)
    }

    func file(_ id: String) throws(SystemError) -> FaultFile? {
        guard Self.isID(id), FileSystem.isDirectory("\(self.directory)/\(id)") else { return nil }
        do throws(SystemError) { return try self.read(id) } catch {
            // Forgotten while it was being read: it was closed long ago.
            guard FileSystem.isDirectory("\(self.directory)/\(id)") else { return nil }
            throw error
        }
    }

    private func read(_ id: String) throws(SystemError) -> FaultFile? {
        var lines: [JournalLine] = []
        for writer in try FileSystem.list("\(self.directory)/\(id)") {
            for bytes in try Journal.read("\(self.directory)/\(id)/\(writer)").records {
                // A damaged line never came to be: the writer saw the failure and did not act on it.
                if let line = try? OpsJSON.decode(JournalLine.self, from: bytes) { lines.append(line) }
            }
        }
        return lines.isEmpty ? nil : FaultFile(id: id, lines: lines)
    }

    func files() throws(SystemError) -> [FaultFile] {
        var files: [FaultFile] = []
        for id in try self.ids() {
            if let file = try self.file(id) { files.append(file) }
        }
        return files.sorted { ($0.plan?.requestedAt ?? .now()) < ($1.plan?.requestedAt ?? .now()) }
    }

    func open() throws(SystemError) -> [FaultFile] { try self.files().filter(\.machine.isOpen) }

    /// Makes the logs of a new fault, with their reserve.
    func create(_ id: String) throws(SystemError) -> Journal {
        _ = try self.log(id, .undo)
        _ = try self.log(id, .holder)
        return try self.log(id, .server)
    }

    /// Opens a log for writing; there is one writer at a time.
    func log(_ id: String, _ writer: Writer) throws(SystemError) -> Journal {
        let journal = try Journal(directory: "\(self.directory)/\(id)/\(writer.rawValue)", reserve: Self.reserve)
        try FileSystem.fsyncDirectory("\(self.directory)/\(id)")
        try FileSystem.fsyncDirectory(self.directory)
        return journal
    }

    /// The file that the writer of a log keeps locked.
    func lock(_ id: String, _ writer: Writer) -> String {
        Journal.lock(in: "\(self.directory)/\(id)/\(writer.rawValue)")
    }

    /// Removes the logs of a fault that never got as far as its intent.
    func discard(_ id: String) {
        guard Self.isID(id), (try? self.file(id)) == .some(nil) else { return }
        try? FileSystem.removeTree("\(self.directory)/\(id)")  // litter at worst: it holds no line
    }

    static func isID(_ text: String) -> Bool {
        (8...32).contains(text.utf8.count) && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
