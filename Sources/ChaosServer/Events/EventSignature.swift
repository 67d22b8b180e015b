import OpsModel
import OpsTrust

/// Signs what is sent to a sink, so that it can tell who says so, that nothing was changed, and when it was sent.
///
/// `t=SECONDS,v1=HEX`: HMAC-SHA-256 under the sink's key over the decimal digits of the time, a full stop, and the body's bytes.
struct EventSignature: Sendable, CustomStringConvertible {
    private let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    func header(for body: [UInt8], at now: Timestamp) -> String {
        let seconds = String(Int(now.secondsSinceEpoch))
        return "t=\(seconds),v1=\(Digest.hmac(Array("\(seconds).".utf8) + body, key: self.key).hex)"
    }

    /// Says nothing of the key.
    var description: String { "EventSignature" }
}
