import CMicrohttpd
import Synchronization

/// A bounded queue of bytes between one producer and the connection that reads them.
///
/// The library pulls. When the queue is empty the connection is suspended; when it is full the producer waits (`send`) or is
/// told so (`offer`). A reader that comes back names the last event it saw, so closing a slow one loses nothing.
public final class EventStream: Sendable {
    /// What became of something offered.
    public enum Offer: Sendable {
        /// It is in the queue.
        case accepted
        /// The reader is too slow; nothing was queued.
        case full
        /// The reader has left, or the stream is finished.
        case gone
    }

    private struct State {
        var bytes: [UInt8] = []
        var head = 0
        var parked: Connection?
        var isFinished = false
        var isGone = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var lastWrite = ContinuousClock.now

        var waiting: Int { bytes.count - head }
        var isOver: Bool { isGone || isFinished }

        /// Always under the lock, so that no resume is lost between looking and suspending.
        mutating func unpark() { parked.take()?.resume() }

        mutating func drop(_ count: Int) {
            head += count
            if head == bytes.count {
                bytes.removeAll(keepingCapacity: bytes.capacity <= 65_536)
                head = 0
            } else if head > 65_536 {
                bytes.removeFirst(head)
                head = 0
            }
        }
    }

    private let state = Mutex(State())
    private let limit: Int
    private let producer: @Sendable (EventStream) async -> Void

    /// A stream that holds at most `limit` bytes for its reader and is filled by `producer`.
    public init(limit: Int = 65_536, producer: @escaping @Sendable (EventStream) async -> Void) {
        self.limit = limit
        self.producer = producer
    }

    /// Whether somebody still reads.
    public var isOpen: Bool { state.withLock { !$0.isOver } }

    /// Queues an event without ever waiting.
    public func offer(_ event: ServerSentEvent) -> Offer { offer(event.bytes) }

    /// Queues an event, waiting for room; false when the reader has left.
    public func send(_ event: ServerSentEvent) async -> Bool { await send(event.bytes) }

    /// Queues bytes without ever waiting.
    ///
    /// What is larger than the whole queue is taken when the queue is empty.
    public func offer(_ chunk: [UInt8]) -> Offer {
        state.withLock { state in
            if state.isOver { return .gone }
            if state.waiting > 0, state.waiting + chunk.count > limit { return .full }
            state.bytes.append(contentsOf: chunk)
            state.lastWrite = .now
            state.unpark()
            return .accepted
        }
    }

    /// Queues bytes, waiting for room; false when the reader has left or the own task is cancelled.
    public func send(_ chunk: [UInt8]) async -> Bool {
        while !Task.isCancelled {
            switch offer(chunk) {
            case .accepted: return true
            case .gone: return false
            case .full: await waitForReading(roomFor: chunk.count)
            }
        }
        return false
    }

    /// Ends the stream after what is queued.
    public func finish() {
        endWaiting { state in
            state.isFinished = true
            state.unpark()
        }
    }

    func produce() async {
        await producer(self)
        finish()
    }

    /// Nobody reads any more.
    func readerLeft() {
        endWaiting { state in
            state.isGone = true
            state.unpark()
        }
    }

    /// Writes a comment into a stream that has long been quiet, so that both ends learn of a dead network.
    func beat(after quiet: Duration, now: ContinuousClock.Instant) {
        let isQuiet = state.withLock { $0.waiting == 0 && now - $0.lastWrite > quiet }
        if isQuiet { _ = offer(Array(": \n\n".utf8)) }
    }

    private func waitForReading(roomFor count: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    let isFull = state.waiting > 0 && state.waiting + count > limit
                    guard isFull, !state.isOver, !Task.isCancelled else { return false }
                    state.waiters.append(continuation)
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            endWaiting { _ in }
        }
    }

    private func endWaiting(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

// MARK: On the connection's thread

extension EventStream {
    /// The stream as a body that the library pulls.
    func response(for connection: Connection) -> OpaquePointer? {
        let reading = Unmanaged.passRetained(Reading(stream: self, connection: connection))
        return opslab_mhd_stream(8_192, Self.readStream, reading.toOpaque(), Self.releaseStream)
    }

    fileprivate func read(_ connection: Connection, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let (count, waiters) = state.withLock { state in
            let count = take(&state, connection, into: buffer)
            guard count > 0 else { return (count, [] as [CheckedContinuation<Void, Never>]) }
            defer { state.waiters = [] }
            return (count, state.waiters)
        }
        for waiter in waiters { waiter.resume() }
        return count
    }

    private func take(_ state: inout State, _ connection: Connection, into buffer: UnsafeMutableRawBufferPointer) -> Int
    {
        if state.isGone { return Int(opslab_mhd_end_with_error()) }
        let count = min(state.waiting, buffer.count)
        if count == 0 {
            if state.isFinished { return Int(opslab_mhd_end_of_stream()) }
            state.parked = connection
            connection.suspend()
            return 0
        }
        buffer.copyBytes(from: state.bytes[state.head..<state.head + count])
        state.drop(count)
        return count
    }

    private final class Reading: Sendable {
        let stream: EventStream
        let connection: Connection

        init(stream: EventStream, connection: Connection) {
            self.stream = stream
            self.connection = connection
        }
    }

    private static let readStream: MHD_ContentReaderCallback = { context, _, buffer, size in
        guard let context, let buffer else { return opslab_mhd_end_with_error() }
        let reading = Unmanaged<Reading>.fromOpaque(context).takeUnretainedValue()
        return reading.stream.read(reading.connection, into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
    }

    private static let releaseStream: MHD_ContentReaderFreeCallback = { context in
        guard let context else { return }
        Unmanaged<Reading>.fromOpaque(context).takeRetainedValue().stream.readerLeft()
    }
}
