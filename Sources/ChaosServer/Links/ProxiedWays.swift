/// Ways out of one instance in each of which a proxy stands.
///
/// What is closed is a toxic, whose time the proxy keeps as the kernel keeps that of its rules. A closed way takes nothing from
/// either end, so nothing that was sent is lost when it opens; unlike packets that are dropped, a new connection is accepted.
struct ProxiedWays: LinkGate {
    let proxies: ProxySet
    /// The proxy in each way.
    let names: [Way: String]

    var isConnected: Bool { true }

    func close(_ closing: LinkClosing) throws(ChaosError) {
        let known = closing.ways.compactMap { Way($0) }.compactMap { self.names[$0] }
        try self.proxies.hold(known, closing.impairment.effects, token: closing.token, seconds: closing.seconds)
    }

    func closed() throws(ChaosError) -> [ClosedWay] {
        let held = try self.proxies.held(Array(self.names.values))
        return self.names.flatMap { way, name in
            (held[name] ?? []).map { toxic in
                ClosedWay(address: way.host, port: way.port, token: toxic.name, impairment: Impairment(toxic.effect))
            }
        }
    }

    func open(_ closed: [ClosedWay]) throws(ChaosError) {
        for way in closed {
            guard let name = self.names[Way(host: way.address, port: way.port)] else { continue }
            try self.proxies.release(name, token: way.token)
        }
    }
}

extension Impairment {
    /// toxiproxy's kilobytes have 1,000 bytes.
    private static let kilobytesPerKiB = 1.024

    /// What a proxy does to either direction.
    fileprivate var effects: [Toxic.Stream: ToxicEffect] {
        switch self {
        case .closed: [.upstream: .hold, .downstream: .hold]
        case .loss(let percent): Self.bothWays(.loss(Double(percent) / 100))
        case .delay(let ms, let jitter): [.upstream: .latency(Double(ms), jitter: Double(jitter), .uniform)]
        case .rate(let kib): Self.bothWays(.bandwidth(Double(kib) * Self.kilobytesPerKiB))
        case .reset(let percent): [.upstream: .reset(Double(percent) / 100)]
        }
    }

    private static func bothWays(_ effect: ToxicEffect) -> [Toxic.Stream: ToxicEffect] {
        [.upstream: effect, .downstream: effect]
    }

    /// Reads what was made of ``effects``.
    fileprivate init(_ effect: ToxicEffect) {
        switch effect {
        case .loss(let share): self = .loss(percent: Int((share * 100).rounded()))
        case .latency(let delay, let jitter, _): self = .delay(ms: Int(delay), jitter: Int(jitter))
        case .bandwidth(let rate): self = .rate(kib: Int((rate / Self.kilobytesPerKiB).rounded()))
        case .reset(let share): self = .reset(percent: Int((share * 100).rounded()))
        default: self = .closed
        }
    }
}
