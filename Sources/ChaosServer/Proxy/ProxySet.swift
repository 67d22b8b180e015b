import OpsModel
import OpsSystem

/// All proxies of a process, for callers of any thread; what they ask for is done by the loop's thread, which waits for nobody.
final class ProxySet: Sendable {
    /// How long a toxic may last.
    struct Limits: Sendable {
        /// For one that names no time.
        var usualS: Double
        var longestS: Double
        var proxies = 256
        /// On one proxy.
        var toxics = 64
    }

    /// What the loop's thread alone touches.
    final class Content: @unchecked Sendable {
        var proxies: [String: Proxy] = [:]
        var revision = 0
    }

    private let loop = EventLoop()
    private let content = Content()
    private let limits: Limits
    private let seed: UInt64
    private let sockets: GuardedSockets

    init(seed: UInt64, limits: Limits, sockets: GuardedSockets) {
        self.seed = seed
        self.limits = limits
        self.sockets = sockets
    }

    /// Goes on with the proxies of a worker that died, without its toxics: nobody has asked this one for any.
    func start(with known: GuardedSockets.Known) {
        self.loop.post { [loop, content, seed, sockets] in
            for (record, socket) in known {
                let (listen, upstream) = (record.listen, record.upstream)
                let proxy = Proxy(
                    name: record.name,
                    listen: listen,
                    upstream: upstream,
                    on: loop,
                    seed: seed,
                    sockets: sockets
                )
                if let socket { proxy.accept(from: socket) }
                content.proxies[record.name] = proxy
            }
            Self.beat(loop, sockets)
        }
        startThread(named: "chaos-proxy") { [loop] in loop.run() }
    }

    /// Says that whoever calls may be let in: from here on the guard replaces this process when it dies.
    func announce() async { await self.onLoop { [sockets] _ in sockets.beat(isReady: true) } }

    /// A loop that turns says so twice a second; one that hangs is replaced.
    private static func beat(_ loop: EventLoop, _ sockets: GuardedSockets) {
        sockets.beat()
        loop.at(BootClock.now() + 500_000_000) { Self.beat(loop, sockets) }
    }

    /// Has the loop's thread do something with what it alone touches.
    func post(_ body: @escaping @Sendable (Content) -> Void) { self.loop.post { [content] in body(content) } }

    /// Ends the thread; connections end with the process.
    func stop() { self.loop.stop() }

    func all() async -> [String: JSONValue] {
        await self.onLoop { content in content.proxies.mapValues { $0.json } }
    }

    func one(_ name: String) async throws -> JSONValue { try await self.onProxy(name) { proxy, _ in proxy.json } }

    /// Makes a proxy that listens, unless it is asked for as disabled.
    ///
    /// - Throws: `conflict` for a name that is taken, or a port that is.
    func create(_ request: ProxyRequest) async throws -> JSONValue {
        let (name, listen, upstream) = try Self.complete(request)
        return try await self.onLoop { [loop, seed, limits, sockets] content throws(ChaosError) in
            guard content.proxies[name] == nil else { throw ChaosError(.conflict, "proxy already exists") }
            guard content.proxies.count < limits.proxies else {
                throw ChaosError(.tooMany, "there are \(limits.proxies) proxies already")
            }
            let proxy = Proxy(
                name: name,
                listen: listen,
                upstream: upstream,
                on: loop,
                seed: seed,
                sockets: sockets
            )
            do throws(ChaosError) { try proxy.keep(isEnabled: request.isEnabled != false) } catch {
                try? proxy.end()  // what is thrown says more
                throw error
            }
            content.proxies[name] = proxy
            return proxy.json
        }
    }

    func update(_ name: String, _ request: ProxyRequest) async throws -> JSONValue {
        let listen = try request.listen.map { way throws(ChaosError) in try IPv4.Place(way) }
        let upstream = try request.upstream.map { way throws(ChaosError) in try IPv4.Place(way) }
        return try await self.onProxy(name) { proxy, _ throws(ChaosError) in
            // Clients repeat what they do not change.
            let (newListen, newUpstream) = (
                listen?.way == proxy.listen.way ? nil : listen, upstream?.way == proxy.upstream.way ? nil : upstream
            )
            if newListen != nil || newUpstream != nil { try proxy.move(listen: newListen, upstream: newUpstream) }
            switch request.isEnabled {
            case true?: try proxy.enable()
            case false?: try proxy.disable()
            case nil: break
            }
            return proxy.json
        }
    }

    func delete(_ name: String) async throws {
        try await self.onProxy(name) { proxy, content throws(ChaosError) in
            try proxy.end()
            content.proxies[name] = nil
        }
    }

    /// Makes those that are not there as they are named, and leaves alone those that are.
    func populate(_ requests: [ProxyRequest]) async throws -> [JSONValue] {
        var made: [JSONValue] = []
        for request in requests {
            let (name, listen, upstream) = try Self.complete(request)
            let same = await self.onLoop { content in
                content.proxies[name].map { $0.listen.way == listen.way && $0.upstream.way == upstream.way }
            }
            if same == false { try await self.delete(name) }
            made.append(same == true ? try await self.one(name) : try await self.create(request))
        }
        return made
    }

    /// Takes all toxics away and enables every proxy.
    func reset() async throws {
        try await self.onLoop { content throws(ChaosError) in
            for proxy in content.proxies.values {
                proxy.removeAll()
                try proxy.enable()
            }
        }
    }

    func toxics(of name: String) async throws -> [JSONValue] {
        try await self.onProxy(name) { proxy, _ in proxy.toxicsJSON }
    }

    func toxic(_ toxic: String, of name: String) async throws -> JSONValue {
        try await self.onProxy(name) { proxy, _ throws(ChaosError) in
            guard let found = proxy.toxics.first(where: { $0.name == toxic }) else { throw Self.noToxic }
            return found.json(at: BootClock.now())
        }
    }

    /// Its name is its type and stream unless it names one; its time is limited, whatever it says.
    func add(_ request: ToxicRequest, to name: String) async throws -> JSONValue {
        let effect = try ToxicEffect(type: request.type ?? "", attributes: request.attributes)
        let stream = request.stream ?? .downstream
        let toxicName = request.name ?? "\(effect.type)_\(stream.rawValue)"
        let time = try self.time(request)
        return try await self.onProxy(name) { [limits] proxy, content throws(ChaosError) in
            guard !proxy.toxics.contains(where: { $0.name == toxicName }) else {
                throw ChaosError(.conflict, "toxic already exists")
            }
            guard proxy.toxics.count < limits.toxics else {
                throw ChaosError(.tooMany, "\(name) has \(limits.toxics) toxics already")
            }
            content.revision += 1
            let toxic = Toxic(
                name: toxicName,
                stream: stream,
                toxicity: request.toxicity ?? 1,
                effect: effect,
                expires: BootClock.now() + time,
                revision: content.revision
            )
            proxy.set(toxic)
            return toxic.json(at: BootClock.now())
        }
    }

    /// Changes attributes and share; its time begins anew.
    func change(_ toxic: String, of name: String, _ request: ToxicRequest) async throws -> JSONValue {
        let time = try self.time(request)
        return try await self.onProxy(name) { proxy, content throws(ChaosError) in
            guard var found = proxy.toxics.first(where: { $0.name == toxic }) else { throw Self.noToxic }
            let attributes = found.effect.attributes.merging(request.attributes) { _, new in new }
            let effect = try ToxicEffect(type: found.effect.type, attributes: attributes)
            if effect != found.effect || (request.toxicity ?? found.toxicity) != found.toxicity {
                content.revision += 1
                found.revision = content.revision
            }
            found.effect = effect
            found.toxicity = request.toxicity ?? found.toxicity
            found.expires = BootClock.now() + time
            proxy.set(found)
            return found.json(at: BootClock.now())
        }
    }

    func remove(_ toxic: String, of name: String) async throws {
        try await self.onProxy(name) { proxy, _ throws(ChaosError) in
            guard proxy.toxics.contains(where: { $0.name == toxic }) else { throw Self.noToxic }
            proxy.remove(toxic)
        }
    }

    /// Bytes and open connections by proxy, as metrics show them.
    func traffic() async -> [(name: String, up: Int, down: Int, open: Int)] {
        await self.onLoop { content in
            content.proxies.values.sorted { $0.name < $1.name }.map {
                ($0.name, $0.received.up, $0.received.down, $0.open)
            }
        }
    }

    private static var noToxic: ChaosError { ChaosError(.unknownFault, "toxic not found") }

    private static func complete(
        _ request: ProxyRequest
    ) throws(ChaosError) -> (name: String, listen: IPv4.Place, upstream: IPv4.Place) {
        guard let name = request.name else { throw ChaosError(.badParameter, "name: missing") }
        guard let upstream = request.upstream else { throw ChaosError(.badParameter, "upstream: missing") }
        let listen = request.listen ?? Way(host: "127.0.0.1", port: 0)
        return (name, try IPv4.Place(listen), try IPv4.Place(upstream))
    }

    private func time(_ request: ToxicRequest) throws(ChaosError) -> UInt64 {
        let seconds = request.ttlS ?? self.limits.usualS
        guard seconds <= self.limits.longestS else {
            throw ChaosError(.badLease, "ttl_s: at most \(self.limits.longestS) s", hint: "ask again before it is over")
        }
        return UInt64(seconds * 1e9)
    }

    private func onProxy<Value: Sendable>(
        _ name: String,
        _ body: @escaping @Sendable (Proxy, Content) throws(ChaosError) -> Value
    ) async throws -> Value {
        try await self.onLoop { content throws(ChaosError) in
            guard let proxy = content.proxies[name] else { throw ChaosError(.unknownFault, "proxy not found") }
            return try body(proxy, content)
        }
    }

    private func onLoop<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable (Content) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            self.post { content in
                continuation.resume(returning: Result { () throws(Failure) in try body(content) })
            }
        }
        return try result.get()
    }
}

extension Proxy {
    /// As toxiproxy 2 writes it.
    fileprivate var json: JSONValue {
        [
            "name": .string(self.name), "listen": .string("\(self.listen.way)"),
            "upstream": .string("\(self.upstream.way)"), "enabled": .bool(self.isEnabled),
            "toxics": .array(self.toxicsJSON),
        ]
    }

    fileprivate var toxicsJSON: [JSONValue] {
        let now = BootClock.now()
        return self.toxics.map { $0.json(at: now) }
    }
}
