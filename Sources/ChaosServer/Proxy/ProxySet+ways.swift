import CLinux
import Glibc
import OpsSystem
import Synchronization

/// What closes ways: toxics under the name of whoever asked, for callers that may be kept waiting.
extension ProxySet {
    /// Longer than a loop ever takes that turns.
    private static let patience: Int32 = 2_000

    /// Puts a toxic into each direction that one is given for, of each of these proxies; one that is there has its time begin anew.
    ///
    /// - Precondition: there is one for what goes out.
    func hold(
        _ names: [String],
        _ effects: [Toxic.Stream: ToxicEffect],
        token: String,
        seconds: Double
    ) throws(ChaosError) {
        try self.wait { content in
            content.revision += 1
            for proxy in names.compactMap({ content.proxies[$0] }) {
                for (stream, effect) in effects {
                    let name = Self.name(token, stream)
                    let known = proxy.toxics.first { $0.name == name && $0.effect == effect }
                    proxy.set(
                        Toxic(
                            name: name,
                            stream: stream,
                            toxicity: 1,
                            effect: effect,
                            expires: BootClock.now() + UInt64(seconds * 1e9),
                            revision: known?.revision ?? content.revision
                        )
                    )
                }
            }
        }
    }

    /// By proxy what ``hold(_:_:token:seconds:)`` has put there, each under its token.
    func held(_ names: [String]) throws(ChaosError) -> [String: [Toxic]] {
        try self.wait { content in
            names.reduce(into: [:]) { held, name in
                held[name] = content.proxies[name]?.toxics.compactMap { toxic in
                    guard let token = Self.token(of: toxic.name) else { return nil }
                    var named = toxic
                    named.name = token
                    return named
                }
            }
        }
    }

    /// Takes it away again.
    func release(_ name: String, token: String) throws(ChaosError) {
        try self.wait { content in
            for stream in [Toxic.Stream.upstream, .downstream] {
                content.proxies[name]?.remove(Self.name(token, stream))
            }
        }
    }

    private static let mark = "way:"

    private static func name(_ token: String, _ stream: Toxic.Stream) -> String {
        "\(self.mark)\(stream == .upstream ? "out" : "in"):\(token)"
    }

    /// Of the two directions the one out speaks for both.
    private static func token(of name: String) -> String? {
        let prefix = "\(self.mark)out:"
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    }

    /// Has the loop's thread do something, and waits for it.
    ///
    /// - Throws: `busy` when that thread does not turn.
    private func wait<Value: Sendable>(_ body: @escaping @Sendable (Content) -> Value) throws(ChaosError) -> Value {
        let reply = Reply<Value>()
        self.post { content in reply.give(body(content)) }
        guard let value = reply.take(within: Self.patience) else {
            throw ChaosError(.busy, "the proxy does not answer")
        }
        return value
    }

    /// One value from another thread.
    private final class Reply<Value: Sendable>: Sendable {
        private let arrived = FileDescriptor(owning: eventfd(0, Int32(EFD_CLOEXEC)))
        private let value = Mutex<Value?>(nil)

        func give(_ value: Value) {
            self.value.withLock { $0 = value }
            eventfd_write(self.arrived.raw, 1)
        }

        /// Nil when it does not come within so many milliseconds.
        func take(within limit: Int32) -> Value? {
            _ = Descriptors.ready([self.arrived.raw], milliseconds: limit)
            return self.value.withLock { $0 }
        }
    }
}
