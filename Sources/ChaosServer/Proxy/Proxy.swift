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

    init(name: String, listen: IPv4.Place, upstream: IPv4.Place, on loop: EventLoop, seed: UInt64) {
        self.name = name
        self.listen = listen
        self.upstream = upstream
        self.loop = loop
        self.chance = SeededGenerator(seed: seed).fork(name)
    }

    /// Begins to listen; nothing changes when it does already.
    ///
    /// - Throws: `conflict` when somebody else has the port.
    func enable() throws(ChaosError) {
        guard self.listener == nil else { return }
        let socket = try IPv4.listener(self.listen)
        self.listen.way.port = socket.port
        self.listen.address.sin_port = UInt16(socket.port).bigEndian
        let endpoint = Endpoint(socket.descriptor, on: self.loop) { [unowned self] _ in self.accept() }
        endpoint.want(reading: true, writing: false)
        self.listener = endpoint
    }

    /// Listens no more, and ends all connections.
    func disable() {
        self.listener?.forget()
        self.listener = nil
        for connection in Array(self.connections.values) { connection.close() }
    }

    /// Goes on elsewhere; the connections there are end.
    func move(listen: IPv4.Place?, upstream: IPv4.Place?) throws(ChaosError) {
        let wasEnabled = self.isEnabled
        self.disable()
        self.listen = listen ?? self.listen
        self.upstream = upstream ?? self.upstream
        if wasEnabled { try self.enable() }
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
                chance: self.chance.fork("\(self.count)")
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
