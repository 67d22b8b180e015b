import CLinux
import Glibc
import OpsService
import OpsSystem

/// One client's connection through a proxy: two ends, two directions.
final class ProxiedConnection {
    private let client: Endpoint
    private let server: Endpoint
    private let upward: Flow
    private let downward: Flow
    private let loop: EventLoop
    private let chance: SeededGenerator
    private let hasEnded: (ProxiedConnection) -> Void
    private var isConnected = false
    private var isOver = false
    private var finished = 0
    /// The moments at which the loop has been asked to look again.
    private var looksAt: UInt64 = .max
    /// The toxics that will end this connection, by what they are told apart by.
    private var deadlines: Set<String> = []
    private var toxics: [Toxic] = []

    /// Bytes that came from the client and from the server.
    var received: (up: Int, down: Int) { (self.upward.received, self.downward.received) }

    /// Takes over two sockets that do not block; the one to the server is connecting.
    init(
        _ client: FileDescriptor,
        _ server: FileDescriptor,
        on loop: EventLoop,
        chance: SeededGenerator,
        hasEnded: @escaping (ProxiedConnection) -> Void
    ) {
        let relay = Relay()
        self.loop = loop
        self.chance = chance
        self.hasEnded = hasEnded
        self.client = Endpoint(client, on: loop) { relay.connection?.clientIsReady($0) }
        self.server = Endpoint(server, on: loop) { relay.connection?.serverIsReady($0) }
        self.upward = Flow(ToxicChain(chance: chance.fork("upstream")))
        self.downward = Flow(ToxicChain(chance: chance.fork("downstream")))
        relay.connection = self
        self.client.sendAtOnce()
        self.server.sendAtOnce()
        self.server.want(reading: false, writing: true)
    }

    /// Breaks the circle of an end that knows its connection.
    private final class Relay { weak var connection: ProxiedConnection? }

    /// Goes on under another list of toxics; which of them it has is drawn once for each.
    func adopt(_ toxics: [Toxic]) {
        self.toxics = toxics.filter { toxic in
            var lot = self.chance.fork("has \(toxic.name) \(toxic.revision)")
            return toxic.toxicity >= 1 || Double.random(in: 0..<1, using: &lot) < toxic.toxicity
        }
        self.upward.adopt(self.toxics.filter { $0.stream == .upstream })
        self.downward.adopt(self.toxics.filter { $0.stream == .downstream })
        for toxic in self.toxics { self.setDeadline(of: toxic) }
        self.update()
    }

    /// Ends it at once.
    func close(resetting: Bool = false) {
        guard !self.isOver else { return }
        self.isOver = true
        self.client.forget()
        self.server.forget()
        if resetting {
            self.client.resetOnClose()
            self.server.resetOnClose()
        }
        self.hasEnded(self)
    }

    private func setDeadline(of toxic: Toxic) {
        let (time, isReset): (Double, Bool)
        switch toxic.effect {
        case .timeout(let milliseconds) where milliseconds > 0: (time, isReset) = (milliseconds, false)
        case .resetPeer(let milliseconds): (time, isReset) = (milliseconds, true)
        default: return
        }
        let name = "\(toxic.name) \(toxic.revision)"
        guard self.deadlines.insert(name).inserted else { return }
        self.loop.at(BootClock.now() + UInt64(time * 1e6)) { [weak self] in
            let isThere = self?.toxics.contains { "\($0.name) \($0.revision)" == name } == true
            if isThere { self?.close(resetting: isReset) }
        }
    }

    private func clientIsReady(_ events: UInt32) {
        if events & EPOLLOUT.rawValue != 0 { self.write(self.downward, to: self.client) }
        if events & ~EPOLLOUT.rawValue != 0 { self.read(self.upward, from: self.client, to: self.server) }
        self.update()
    }

    private func serverIsReady(_ events: UInt32) {
        guard self.isConnected else { return self.connect() }
        if events & EPOLLOUT.rawValue != 0 { self.write(self.upward, to: self.server) }
        if events & ~EPOLLOUT.rawValue != 0 { self.read(self.downward, from: self.server, to: self.client) }
        self.update()
    }

    /// Nobody there: the client is reset, which is as near to a refusal as one comes who has accepted.
    private func connect() {
        var problem: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(self.server.descriptor.raw, SOL_SOCKET, SO_ERROR, &problem, &length)
        guard problem == 0 else { return self.close(resetting: true) }
        self.isConnected = true
        self.update()
    }

    private func read(_ flow: Flow, from source: Endpoint, to sink: Endpoint) {
        guard !self.isOver else { return }
        self.react(to: flow.read(from: source.descriptor.raw, to: sink.descriptor.raw, &self.loop.scratch))
    }

    private func write(_ flow: Flow, to sink: Endpoint) {
        guard !self.isOver else { return }
        self.react(to: flow.write(to: sink.descriptor.raw, at: BootClock.now()))
    }

    private func react(to outcome: Flow.Outcome) {
        switch outcome {
        case .goesOn: break
        case .finished:
            self.finished += 1
            if self.finished == 2 { self.close() }
        case .cut: self.close()
        case .broken: self.close(resetting: true)
        }
    }

    /// Tells the loop what is waited for now.
    private func update() {
        guard !self.isOver, self.isConnected else { return }
        self.client.want(reading: self.upward.wantsToRead, writing: self.downward.wantsToWrite)
        self.server.want(reading: self.downward.wantsToRead, writing: self.upward.wantsToWrite)
        guard let due = [self.upward.due, self.downward.due].compactMap(\.self).min(), due < self.looksAt else {
            return
        }
        self.looksAt = due
        self.loop.at(due) { [weak self] in self?.handOn(due) }
    }

    private func handOn(_ due: UInt64) {
        if self.looksAt == due { self.looksAt = .max }
        self.write(self.upward, to: self.server)
        self.write(self.downward, to: self.client)
        self.update()
    }
}
