import Glibc
import OpsSystem

/// One direction of a connection: what one end sends, and when the other one gets it.
final class Flow {
    /// What became of the last turn.
    enum Outcome { case goesOn, finished, broken, cut }

    /// What a look at the sender found.
    enum Arrival {
        case bytes(ArraySlice<UInt8>)
        case nothing
        case end
        case broken
    }

    private var chain: ToxicChain
    /// Bytes taken from the sender, and handed to the receiver.
    private(set) var received = 0
    private(set) var sent = 0
    private var queue: [ToxicChain.Piece] = []
    private var head = 0
    private var queued = 0
    private var hasEnded = false
    /// Its end is to be handed on, as toxics allow.
    private var isEnding = false
    private var isEndQueued = false
    /// The receiver takes nothing more just now.
    private var isFull = false

    init(_ chain: ToxicChain) { self.chain = chain }

    var wantsToRead: Bool { !self.hasEnded && self.hasRoom }
    var hasRoom: Bool { self.queued < self.chain.room }
    var wantsToWrite: Bool { self.isFull }
    /// When the next piece may go on; nil when nothing waits for its time.
    var due: UInt64? { self.isFull || self.head == self.queue.count ? nil : self.queue[self.head].due }

    /// Goes on under another list of toxics of this direction.
    ///
    /// When one is gone, what waits goes on at once: with the toxic its delays are over, as with toxiproxy.
    func adopt(_ toxics: [Toxic]) {
        let (now, isFreed) = (BootClock.now(), self.chain.loses(by: toxics))
        self.chain.adopt(toxics)
        if isFreed { self.hurry(at: now) }
        if self.isEnding, !self.isEndQueued { self.append(self.chain.end(at: now)) }
    }

    private func hurry(at now: UInt64) {
        for index in self.queue.indices.dropFirst(self.head) {
            self.queue[index].due = min(self.queue[index].due, now)
        }
        self.chain.forgetWhatWaits(at: now)
    }

    /// Takes what the sender has sent.
    func read(from source: Int32, to sink: Int32, _ scratch: inout [UInt8]) -> Outcome {
        for _ in 0..<4 where self.wantsToRead {
            let count = recv(source, &scratch, scratch.count, 0)
            if count < 0 { return errno == EAGAIN || errno == EINTR ? .goesOn : .broken }
            let now = BootClock.now()
            if count == 0 {
                self.hasEnded = true
                return self.end(to: sink, at: now)
            }
            self.received += count
            let outcome = self.take(scratch[..<count], to: sink, at: now)
            guard outcome == .goesOn, count == scratch.count else { return outcome }
        }
        return .goesOn
    }

    /// Takes what the sender has sent, for somebody who decides what of it goes on.
    func receive(from source: Int32, _ scratch: inout [UInt8]) -> Arrival {
        let count = recv(source, &scratch, scratch.count, 0)
        if count < 0 { return errno == EAGAIN || errno == EINTR ? .nothing : .broken }
        self.received += count
        self.hasEnded = count == 0
        return count == 0 ? .end : .bytes(scratch[..<count])
    }

    /// Hands on bytes that somebody decided on.
    func pass(_ bytes: [UInt8], to sink: Int32, at now: UInt64) -> Outcome { self.take(bytes[...], to: sink, at: now) }

    /// Hands on the end, once.
    func end(to sink: Int32, at now: UInt64) -> Outcome {
        guard !self.isEnding else { return .goesOn }
        self.isEnding = true
        self.append(self.chain.end(at: now))
        return self.write(to: sink, at: now)
    }

    /// Hands on what may go on by now.
    func write(to sink: Int32, at now: UInt64) -> Outcome {
        self.isFull = false
        while self.head < self.queue.count, self.queue[self.head].due <= now {
            switch self.queue[self.head].content {
            case .cut: return .cut
            case .reset: return .broken
            case .end:
                self.head += 1
                shutdown(sink, Int32(SHUT_WR))
                return .finished
            case .bytes(let bytes):
                guard let count = self.send(bytes, to: sink) else { return .broken }
                self.queued -= count
                guard count == bytes.count else {
                    self.queue[self.head].content = .bytes(bytes.dropFirst(count))
                    self.isFull = true
                    return .goesOn
                }
                self.head += 1
            }
        }
        self.forgetSent()
        return .goesOn
    }

    /// Bytes that nothing holds up are not even queued.
    private func take(_ bytes: ArraySlice<UInt8>, to sink: Int32, at now: UInt64) -> Outcome {
        guard self.chain.isClear, self.head == self.queue.count else {
            // A copy: the next read writes over these.
            self.append(self.chain.pass(ArraySlice(Array(bytes)), at: now))
            return self.isFull ? .goesOn : self.write(to: sink, at: now)
        }
        guard let count = self.send(bytes, to: sink) else { return .broken }
        guard count < bytes.count else { return .goesOn }
        self.append([.init(due: now, content: .bytes(ArraySlice(Array(bytes.dropFirst(count)))))])
        self.isFull = true
        return .goesOn
    }

    private func append(_ pieces: [ToxicChain.Piece]) {
        self.queue += pieces
        if pieces.contains(where: { $0.content == .end }) { self.isEndQueued = true }
        for case .bytes(let bytes) in pieces.map(\.content) { self.queued += bytes.count }
    }

    private func forgetSent() {
        guard self.head == self.queue.count || self.head > 1_024 else { return }
        self.queue.removeFirst(self.head)
        self.head = 0
    }

    /// How much went out; nil when the receiver is gone.
    private func send(_ bytes: ArraySlice<UInt8>, to sink: Int32) -> Int? {
        let count = bytes.withUnsafeBytes { Glibc.send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count >= 0 {
            self.sent += count
            return count
        }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }
}
