import Glibc
import OpsModel
import OpsSystem
import OpsTrust
import Synchronization

/// The records of one process on its own disk, numbered without gaps, until the database has them.
///
/// An append is one `write`, so what was recorded survives SIGKILL; what was synced survives a power cut. Only synced
/// records are ever handed out to be sent, so the database can never be ahead of the spool.
final class Spool: Sendable {
    static let segmentBytes = 4 << 20
    /// What records that precede an effect may use beyond the limit.
    private static let reserve = 16 << 20

    struct State {
        var segments: [SpoolSegment]
        var sizes: [Int: Int]
        var last: Int
        var clock: Int64 = 0
        var synced: Int
        var dropped = 0
        /// Where in which segment the records after a number begin, for the numbers asked for last.
        var places: [Int: SpoolPlace] = [:]
    }

    /// Names this spool for ever: the same numbers never mean two things in the database.
    let identity: String
    private let directory: String
    private let limit: Int
    private let lock: FileLock
    let state: Mutex<State>

    init(directory: String, limit: Int) throws(AgentOpsError) {
        self.directory = directory
        self.limit = limit
        (lock, identity) = try Self.enter(directory)
        state = Mutex(try Self.load(directory))
    }

    /// The number of the last record.
    var last: Int { state.withLock { $0.last } }
    /// The number of the oldest record that is still there, or of the next one when there is none.
    var first: Int { state.withLock { $0.segments.first?.first ?? $0.last + 1 } }
    /// How many records had no room and are not declared yet.
    var dropped: Int { state.withLock { $0.dropped } }

    /// Adds a record and gives its number; nil when there is no room for telemetry, which is then counted.
    func append(_ members: [UInt8], mustKeep: Bool = false) -> Int? {
        state.withLock { state in
            let size = state.sizes.values.reduce(0, +) + members.count + 64
            guard size <= limit + (mustKeep ? Self.reserve : 0), write(members, &state) else {
                if !mustKeep { state.dropped += 1 }
                return nil
            }
            return state.last
        }
    }

    /// Adds a record that tells how many others had no room, once there is room again.
    func declareDropped(_ members: (Int) -> [UInt8]) {
        state.withLock { state in
            guard state.dropped > 0, write(members(state.dropped), &state) else { return }
            state.dropped = 0
        }
    }

    private func write(_ members: [UInt8], _ state: inout State) -> Bool {
        guard let segment = active(&state) else { return false }
        let clock = max(state.clock + 1, Timestamp.now().microseconds)
        let line = SpoolLine.bytes(number: state.last + 1, clock: clock, members: members)
        let end = state.sizes[segment.first] ?? 0
        guard segment.append(line, at: end) else { return false }
        state.sizes[segment.first] = end + line.count
        state.last += 1
        state.clock = clock
        return true
    }

    private func active(_ state: inout State) -> SpoolSegment? {
        guard let current = state.segments.last else { return nil }
        guard state.sizes[current.first] ?? 0 >= Self.segmentBytes else { return current }
        guard current.sync(), let next = try? SpoolSegment(directory: directory, first: state.last + 1) else {
            return current  // a full segment that goes on is better than none
        }
        state.segments.append(next)
        state.sizes[next.first] = 0
        return next
    }

    /// Brings everything recorded so far to the disk; false when the disk refuses.
    func sync() -> Bool {
        let (segment, last) = state.withLock { ($0.synced < $0.last ? $0.segments.last : nil, $0.last) }
        guard let segment else { return true }
        guard segment.sync() else { return false }
        state.withLock { $0.synced = max($0.synced, last) }
        return true
    }

    /// Removes the segments whose records are all stored.
    func discard(through number: Int) {
        let old = state.withLock { state in
            var old: [SpoolSegment] = []
            while state.segments.count > 1, state.segments[1].first <= number + 1 {
                let segment = state.segments.removeFirst()
                state.sizes[segment.first] = nil
                old.append(segment)
            }
            return old
        }
        for segment in old { unlink(segment.path) }
    }
}

extension Spool {
    private static func enter(_ directory: String) throws(AgentOpsError) -> (FileLock, String) {
        do {
            try FileSystem.makeDirectory(directory, mode: 0o700)
            guard let lock = try FileLock.tryAcquire("\(directory)/lock") else {
                throw AgentOpsError(.spoolInUse, "another process records into \(directory); stop it first")
            }
            let path = "\(directory)/identity"
            if !FileSystem.exists(path) {
                try FileSystem.writeAtomically(Hex.encode(randomBytes(4)), to: path, mode: 0o600)
            }
            return (lock, try FileSystem.text(path).trimmingLineBreaks)
        } catch let error as AgentOpsError {
            throw error
        } catch {
            throw AgentOpsError(.spoolFailed, "\(directory): \(error)")
        }
    }

    /// Finds what is there; a torn last record was never acknowledged as recorded and is cut off.
    private static func load(_ directory: String) throws(AgentOpsError) -> State {
        let names: [String]
        do { names = try FileSystem.list(directory) } catch { throw AgentOpsError(.spoolFailed, "\(error)") }
        let firsts = names.compactMap(SpoolSegment.first(ofFileNamed:)).sorted()
        var segments: [SpoolSegment] = []
        var sizes: [Int: Int] = [:]
        for first in firsts.isEmpty ? [1] : firsts {
            let segment = try SpoolSegment(directory: directory, first: first)
            segments.append(segment)
            sizes[first] = Int(lseek(segment.file, 0, SEEK_END))
        }
        guard let current = segments.last else { throw AgentOpsError(.spoolFailed, "no segment in \(directory)") }
        let (lines, end) = SpoolLine.scan(current.read(from: 0, limit: sizes[current.first] ?? 0))
        current.truncate(to: end)
        sizes[current.first] = end
        let last = lines.last?.number ?? current.first - 1
        let isSynced = current.sync()
        return State(segments: segments, sizes: sizes, last: last, synced: isSynced ? last : current.first - 1)
    }
}
