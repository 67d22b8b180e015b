import OpsModel
import OpsTrust

/// What a receiver does with an event, written as its users would: from the documentation, with SHA-256 and nothing else of ours.
struct EventVerifier {
    enum Finding: Hashable { case genuine, unsigned, changed, old }

    let key: [UInt8]
    /// Seconds that a message may be old, or early.
    var window = 300.0

    func check(_ header: String?, _ body: [UInt8], at now: Timestamp) -> Finding {
        let parts = (header ?? "").split(separator: ",").map { $0.split(separator: "=", maxSplits: 1) }
        guard parts.count == 2, parts[0].first == "t", parts[1].first == "v1", let seconds = Double(parts[0][1]) else {
            return .unsigned
        }
        guard String(parts[1][1]) == self.hmac(Array("\(parts[0][1]).".utf8) + body) else { return .changed }
        return abs(now.secondsSinceEpoch - seconds) <= self.window ? .genuine : .old
    }

    /// HMAC as RFC 2104 writes it, for keys that are not longer than a block.
    private func hmac(_ message: [UInt8]) -> String {
        let padded = self.key + [UInt8](repeating: 0, count: 64 - self.key.count)
        let inner = Digest.sha256(padded.map { $0 ^ 0x36 } + message).bytes
        return Digest.sha256(padded.map { $0 ^ 0x5C } + inner).hex
    }
}
