import Glibc
import Synchronization

/// A child with which lines are exchanged: one on its input, one from its output, while its error output is kept.
///
/// Its lines are bounded, so a child that floods is found out and not stored.
public actor LineChild {
    /// What came of listening for a while.
    public enum Heard: Hashable, Sendable {
        /// A line without its end.
        case line([UInt8])
        /// Nothing so far.
        case silence
        /// Nothing, now and later.
        case end
    }

    private let child: ChildProcess
    private let output: FileDescriptor
    private var input: FileDescriptor?
    private var unread: [UInt8] = []
    /// How much of `unread` was searched for a line's end already.
    private var searched = 0
    private var hasEnded = false
    private let lineLimit: Int
    private let complaints: Complaints
    private let listening: Task<Void, Never>
    /// A child that does not read is given up after this long.
    private static let deafness: Duration = .seconds(10)

    /// Starts it on a thread of its own that stays until it has ended.
    ///
    /// A child that asks the kernel to die with its parent dies with the thread that started it, and those of tasks come and go.
    ///
    /// - Parameters:
    ///   - described: What to start; its streams are replaced.
    ///   - lineLimit: The longest line in bytes.
    ///   - errorLimit: How much of its error output is kept, in bytes.
    /// - Throws: What ``Spawn/start()`` throws.
    public init(_ described: Spawn, lineLimit: Int, errorLimit: Int) throws(SystemError) {
        ignoreBrokenPipes()  // a child that has gone is told by the write
        let (inRead, inWrite) = try FileDescriptor.pipe()
        let (outRead, outWrite) = try FileDescriptor.pipe()
        let (errRead, errWrite) = try FileDescriptor.pipe()
        var spawn = described
        spawn.standardInput = inRead.raw
        spawn.standardOutput = outWrite.raw
        spawn.standardError = errWrite.raw
        child = try Keeper.start(spawn)
        withExtendedLifetime((inRead, outWrite, errWrite)) {}
        for descriptor in [inWrite, outRead, errRead] { descriptor.setNonBlocking() }
        input = inWrite
        output = outRead
        self.lineLimit = lineLimit
        let complaints = Complaints(limit: errorLimit)
        self.complaints = complaints
        listening = Task { await complaints.take(from: errRead) }
    }

    /// What it wrote on its error output so far.
    public var errorText: String { complaints.text }

    /// Writes one line; a child that has gone, or does not read for ten seconds, gets nothing more.
    public func send(_ line: [UInt8]) async {
        guard let input else { return }
        let bytes = line + [UInt8(ascii: "\n")]
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                retryInterrupted { write(input.raw, buffer.baseAddress.map { $0 + done }, buffer.count - done) }
            }
            if count > 0 {
                done += count
            } else if errno != EAGAIN {
                self.input = nil
                return
            } else if await !Poller.shared.wait(input.raw, .write, within: Self.deafness) {
                self.input = nil
                return
            }
        }
    }

    /// The next line without its end; nil when there will be none.
    ///
    /// - Throws: `too_large` for a line longer than the limit, `cancelled` when the task is.
    public func receive() async throws(SystemError) -> [UInt8]? {
        while true {
            switch try await receive(within: .seconds(3_600)) {
            case .line(let line): return line
            case .end: return nil
            case .silence: continue
            }
        }
    }

    /// The next line, if there is one within so much time; half a line stays for the next time.
    ///
    /// - Throws: `too_large` for a line longer than the limit, `cancelled` when the task is.
    public func receive(within limit: Duration) async throws(SystemError) -> Heard {
        let end = ContinuousClock.now + limit
        while true {
            if let line = nextLine() { return .line(line) }
            if unread.count > lineLimit { throw SystemError(.tooLarge, "a line has more than \(lineLimit) bytes") }
            if hasEnded { return unread.isEmpty ? .end : .line(takeRest()) }
            guard try await fill(until: end) else { return .silence }
        }
    }

    private func nextLine() -> [UInt8]? {
        guard let end = unread[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = unread.count
            return nil
        }
        defer {
            unread.removeFirst(end + 1)
            searched = 0
        }
        return Array(unread[..<end])
    }

    private func takeRest() -> [UInt8] {
        defer { (unread, searched) = ([], 0) }
        return unread
    }

    /// Takes in what there is, or waits for it; false when there was nothing until then.
    private func fill(until end: ContinuousClock.Instant) async throws(SystemError) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = retryInterrupted { read(output.raw, &buffer, buffer.count) }
        if count > 0 {
            unread += buffer[..<count]
            return true
        }
        guard count < 0, errno == EAGAIN else {
            hasEnded = true
            return true
        }
        let left = end - ContinuousClock.now
        guard left > .zero else { return false }
        let isReadable = await Poller.shared.wait(output.raw, .read, within: left)
        if Task.isCancelled { throw SystemError(.cancelled, "nobody listens any more") }
        return isReadable
    }

    /// Takes in what is still in the pipe; something that the child started elsewhere may keep it open.
    private func hearOut() async {
        let listening = listening
        let patience = Task {
            try await Task.sleep(for: .milliseconds(250))
            listening.cancel()
        }
        await listening.value
        patience.cancel()
    }

    /// Closes its input, lets it end by itself for a moment, then asks, then insists; with all that it started in its group.
    public func stop(grace: Duration) async -> ExitStatus? {
        input = nil
        if await !child.handle.waitForExit(within: grace) {
            child.handle.signal(SIGTERM)
            _ = await child.handle.waitForExit(within: grace)
        }
        child.signalGroup(SIGKILL)
        await hearOut()
        return await child.wait(within: .seconds(2))
    }
}

/// What a child says on its error output, up to a limit; the rest is read and forgotten.
private final class Complaints: Sendable {
    private let limit: Int
    private let kept = Mutex<[UInt8]>([])

    init(limit: Int) { self.limit = limit }

    var text: String { kept.withLock { String(decoding: $0, as: UTF8.self) } }

    func take(from descriptor: FileDescriptor) async {
        descriptor.setNonBlocking()
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = retryInterrupted { read(descriptor.raw, &buffer, buffer.count) }
            if count > 0 {
                kept.withLock { $0 += buffer[..<min(count, limit - $0.count)] }
            } else if count == 0 || errno != EAGAIN {
                return
            } else if await !Poller.shared.wait(descriptor.raw, .read, within: .seconds(3_600)) {
                return
            }
        }
    }
}

/// Starts a child from a thread that outlives it.
private final class Keeper: Sendable {
    private let spawn: Spawn
    private let outcome = Mutex<Result<ChildProcess, SystemError>?>(nil)
    private let told: (read: FileDescriptor, write: FileDescriptor)

    private init(_ spawn: Spawn) throws(SystemError) {
        self.spawn = spawn
        told = try FileDescriptor.pipe()
    }

    static func start(_ spawn: Spawn) throws(SystemError) -> ChildProcess {
        let keeper = try Keeper(spawn)
        startThread(named: "opslab-keeper") { keeper.keep() }
        return try keeper.child()
    }

    private func keep() {
        let result: Result<ChildProcess, SystemError>
        do { result = .success(try spawn.start()) } catch { result = .failure(error) }
        outcome.withLock { $0 = result }
        _ = retryInterrupted { write(told.write.raw, [1], 1) }
        if case .success(let child) = result { _ = child.handle.waitForExitBlocking(within: .seconds(86_400)) }
    }

    private func child() throws(SystemError) -> ChildProcess {
        var byte: UInt8 = 0
        _ = retryInterrupted { read(told.read.raw, &byte, 1) }
        guard let result = outcome.withLock({ $0 }) else { throw SystemError(.failed, "could not start \(spawn.path)") }
        return try result.get()
    }
}
