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
    private let lots: RequestLots
    /// Only while there are toxics of HTTP; without, bytes go on from where they were read.
    private var http: HTTPFilter?
    private var serverSpokeLast = false
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
        lots: RequestLots,
        hasEnded: @escaping (ProxiedConnection) -> Void
    ) {
        let relay = Relay()
        self.loop = loop
        self.chance = chance
        self.lots = lots
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
            return toxic.toxicity >= 1 || toxic.effect.isOfRequests
                || Double.random(in: 0..<1, using: &lot) < toxic.toxicity
        }
        let ofBytes = self.toxics.filter { !$0.effect.isOfRequests }
        self.upward.adopt(ofBytes.filter { $0.stream == .upstream })
        self.downward.adopt(ofBytes.filter { $0.stream == .downstream })
        self.adoptHTTP(self.toxics.filter(\.effect.isOfRequests))
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

    private func adoptHTTP(_ toxics: [Toxic]) {
        if self.http == nil, !toxics.isEmpty {
            let isFresh = self.upward.received == 0 && self.downward.received == 0
            self.http = HTTPFilter(lots: self.lots, isFresh: isFresh, serverSpokeLast: self.serverSpokeLast)
        }
        self.http?.toxics = toxics
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
        guard self.http == nil else { return self.readHTTP(flow, from: source) }
        self.serverSpokeLast = flow === self.downward
        self.react(to: flow.read(from: source.descriptor.raw, to: sink.descriptor.raw, &self.loop.scratch))
    }

    private func readHTTP(_ flow: Flow, from source: Endpoint) {
        let isClient = flow === self.upward
        for _ in 0..<4 where !self.isOver && flow.wantsToRead && !(isClient && self.http?.isHolding == true) {
            let output: HTTPFilter.Output?
            switch flow.receive(from: source.descriptor.raw, &self.loop.scratch) {
            case .nothing: return
            case .broken: return self.react(to: .broken)
            case .end: output = isClient ? self.http?.clientEnded() : self.http?.serverEnded()
            case .bytes(let bytes): output = isClient ? self.http?.fromClient(bytes) : self.http?.fromServer(bytes)
            }
            if let output { self.pass(output) }
        }
    }

    private func pass(_ output: HTTPFilter.Output) {
        let (client, server) = (self.client.descriptor.raw, self.server.descriptor.raw)
        let now = BootClock.now()
        if !output.toServer.isEmpty { self.react(to: self.upward.pass(output.toServer, to: server, at: now)) }
        if !self.isOver, !output.toClient.isEmpty {
            self.react(to: self.downward.pass(output.toClient, to: client, at: now))
        }
        if !self.isOver, output.endsServer { self.react(to: self.upward.end(to: server, at: now)) }
        if !self.isOver, output.endsClient { self.react(to: self.downward.end(to: client, at: now)) }
    }

    /// Goes on with requests that a client sent ahead as fast as it takes the answers, and drops a filter without toxics
    /// once nothing is under way.
    private func settleHTTP() {
        guard self.http != nil else { return }
        while !self.isOver, self.http?.canResume == true, self.downward.hasRoom {
            if let output = self.http?.resume() { self.pass(output) }
        }
        if self.http?.toxics.isEmpty == true, self.http?.isIdle == true { self.http = nil }
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
        self.settleHTTP()
        guard !self.isOver else { return }
        let isHeld = self.http?.isHolding == true
        self.client.want(reading: self.upward.wantsToRead && !isHeld, writing: self.downward.wantsToWrite)
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
