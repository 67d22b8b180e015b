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
        let effect = closing.share.map { ToxicEffect.loss(Double($0) / 100) } ?? .hold
        let known = closing.ways.compactMap { Way($0) }.compactMap { self.names[$0] }
        try self.proxies.hold(known, effect, token: closing.token, seconds: closing.seconds)
    }

    func closed() throws(ChaosError) -> [LinkRules.Closed] {
        let held = try self.proxies.held(Array(self.names.values))
        return self.names.flatMap { way, name in
            (held[name] ?? []).map { toxic in
                LinkRules.Closed(address: way.host, port: way.port, token: toxic.name, share: toxic.effect.lostPercent)
            }
        }
    }

    func open(_ closed: [LinkRules.Closed]) throws(ChaosError) {
        for way in closed {
            guard let name = self.names[Way(host: way.address, port: way.port)] else { continue }
            try self.proxies.release(name, token: way.token)
        }
    }
}

extension ToxicEffect {
    fileprivate var lostPercent: Int? {
        guard case .loss(let share) = self else { return nil }
        return Int((share * 100).rounded())
    }
}
