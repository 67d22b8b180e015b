import Glibc
import OpsModel
import OpsService
import OpsSystem

/// A listener whose connections go on to somebody else, by way of its toxics; touched by the loop's thread alone.
final class Proxy {
    let name: String
    private(set) var listen: IPv4.Place
    private(set) var upstream: IPv4.Place
    private(set) var toxics: [Toxic] = []
    private let loop: EventLoop
    private let chance: SeededGenerator
    private let sockets: GuardedSockets
    private let lots: RequestLots
    private var listener: Endpoint?
    private var connections: [ObjectIdentifier: ProxiedConnection] = [:]
    private var count: UInt64 = 0
    private var past = (up: 0, down: 0)

    var isEnabled: Bool { self.listener != nil }
    var open: Int { self.connections.count }
    /// Bytes that came from clients and from the upstream, of all connections there were.
    var received: (up: Int, down: Int) {
        self.connections.values.reduce(self.past) { ($0.up + $1.received.up, $0.down + $1.received.down) }
    }

    init(
        name: String,
        listen: IPv4.Place,
        upstream: IPv4.Place,
        on loop: EventLoop,
        seed: UInt64,
        sockets: GuardedSockets
    ) {
        self.name = name
        self.listen = listen
        self.upstream = upstream
        self.loop = loop
        self.chance = SeededGenerator(seed: seed).fork(name)
        self.lots = RequestLots(chance: self.chance.fork("requests"))
        self.sockets = sockets
    }

    /// Begins to listen; nothing changes when it does already.
    ///
    /// - Throws: `conflict` when somebody else has the port.
    func enable() throws(ChaosError) {
        guard self.listener == nil else { return }
        try self.keep(isEnabled: true)
    }

    /// Listens no more, and ends all connections.
    func disable() throws(ChaosError) {
        guard self.isEnabled else { return }
        try self.keep(isEnabled: false)
        self.fallSilent()
    }

    /// Is no more, here or with the guard.
    func end() throws(ChaosError) {
        try self.sockets.forget(self.record(isEnabled: false))
        self.fallSilent()
    }

    /// Goes on elsewhere; the connections there are end.
    func move(listen: IPv4.Place?, upstream: IPv4.Place?) throws(ChaosError) {
        let wasEnabled = self.isEnabled
        try self.disable()
        self.listen = listen ?? self.listen
        self.upstream = upstream ?? self.upstream
        try self.keep(isEnabled: wasEnabled)
    }

    /// Has the guard remember this proxy, and accepts from a socket that was opened for it.
    func keep(isEnabled: Bool) throws(ChaosError) {
        let (kept, opened) = try self.sockets.keep(self.record(isEnabled: isEnabled))
        self.listen = kept.listen
        if let opened { self.accept(from: opened) }
    }

    /// Accepts from a socket that listens.
    func accept(from socket: FileDescriptor) {
        let endpoint = Endpoint(socket, on: self.loop) { [unowned self] _ in self.accept() }
        endpoint.want(reading: true, writing: false)
        self.listener = endpoint
    }

    private func record(isEnabled: Bool) -> GuardedProxy {
        GuardedProxy(name: self.name, listen: self.listen, upstream: self.upstream, isEnabled: isEnabled)
    }

    private func fallSilent() {
        self.listener?.forget()
        self.listener = nil
        for connection in Array(self.connections.values) { connection.close() }
    }

    /// Puts a toxic in the place of the one of its name, or behind all others.
    func set(_ toxic: Toxic) {
        if let index = self.toxics.firstIndex(where: { $0.name == toxic.name }) {
            self.toxics[index] = toxic
        } else {
            self.toxics.append(toxic)
        }
        self.tell()
        self.loop.at(toxic.expires) { [weak self] in self?.forgetExpired() }
    }

    func remove(_ name: String) {
        self.toxics.removeAll { $0.name == name }
        self.tell()
    }

    func removeAll() {
        self.toxics = []
        self.tell()
    }

    private func forgetExpired() {
        let now = BootClock.now()
        guard self.toxics.contains(where: { $0.expires <= now }) else { return }
        self.toxics.removeAll { $0.expires <= now }
        self.tell()
    }

    private func tell() {
        self.lots.keep(self.toxics)
        for connection in Array(self.connections.values) { connection.adopt(self.toxics) }
    }

    private func accept() {
        while let listener, let client = IPv4.accept(listener.descriptor.raw) {
            guard let server = IPv4.connecting(to: self.upstream.address) else {
                let refused = Endpoint(client, on: self.loop) { _ in }
                refused.resetOnClose()
                continue
            }
            self.count += 1
            let connection = ProxiedConnection(
                client,
                server,
                on: self.loop,
                chance: self.chance.fork("\(self.count)"),
                lots: self.lots
            ) { [weak self] in self?.forget($0) }
            self.connections[ObjectIdentifier(connection)] = connection
            connection.adopt(self.toxics)
        }
        if errno == EMFILE || errno == ENFILE { self.pauseAccepting() }
    }

    /// Without room for another connection those that wait would be told of again and again.
    private func pauseAccepting() {
        self.listener?.want(reading: false, writing: false)
        self.loop.at(BootClock.now() + 100_000_000) { [weak self] in self?.listener?.want(reading: true, writing: false)
        }
    }

    private func forget(_ connection: ProxiedConnection) {
        self.past.up += connection.received.up
        self.past.down += connection.received.down
        self.connections[ObjectIdentifier(connection)] = nil
    }
}
