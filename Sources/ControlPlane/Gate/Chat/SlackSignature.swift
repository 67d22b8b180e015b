import OpsModel
import OpsTrust

/// `v0=HEX`: HMAC-SHA-256 over `v0:`, the seconds of the time, `:` and the body's bytes as they came.
struct SlackSignature: Sendable {
    enum Verdict: Equatable, Sendable {
        case good
        case wrong
        /// Right, and from another time.
        case old
    }

    /// How far from now a callback may say it was sent, in seconds.
    static let tolerance = 300.0

    var secret: [UInt8]

    func text(of body: [UInt8], at seconds: String) -> String {
        "v0=\(Digest.hmac(Array("v0:\(seconds):".utf8) + body, key: secret).hex)"
    }

    /// Takes the same time for every wrong signature; only a right one is told that it is old.
    func judge(_ signature: String, _ seconds: String, _ body: [UInt8], at now: Timestamp) -> Verdict {
        let digest = Digest.hmac(Array("v0:\(seconds):".utf8) + body, key: secret)
        let isDecimal = (1...12).contains(seconds.utf8.count) && seconds.utf8.allSatisfy { (48...57).contains($0) }
        guard signature.hasPrefix("v0="), Digest(hex: signature.dropFirst(3)) == digest, isDecimal,
            let moment = Double(seconds)
        else { return .wrong }
        return abs(now.secondsSinceEpoch - moment) <= Self.tolerance ? .good : .old
    }
}
