/// A request's place in a distributed trace, as W3C Trace Context writes it in `traceparent`.
public struct TraceParent: Sendable, Hashable, CustomStringConvertible {
    /// 32 hexadecimal digits that all requests of one trace share.
    public let traceID: String
    /// 16 hexadecimal digits that name this step.
    public let spanID: String
    /// Whether the trace is being recorded.
    public let isSampled: Bool

    /// Starts a trace.
    public init() {
        traceID = Self.hexadecimal(digits: 32)
        spanID = Self.hexadecimal(digits: 16)
        isSampled = true
    }

    /// Reads a header value; nil when it is not one, so that the caller starts a trace of its own.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, Self.isHexadecimal(parts[0], 2), parts[0] != "ff", parts[0] != "00" || parts.count == 4,
            Self.isHexadecimal(parts[1], 32), Self.isHexadecimal(parts[2], 16), Self.isHexadecimal(parts[3], 2),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        traceID = String(parts[1])
        spanID = String(parts[2])
        isSampled = (UInt8(parts[3], radix: 16) ?? 0) & 1 == 1
    }

    private init(traceID: String, spanID: String, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// The next step of the same trace.
    public func child() -> TraceParent {
        TraceParent(traceID: traceID, spanID: Self.hexadecimal(digits: 16), isSampled: isSampled)
    }

    /// The header value.
    public var description: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    private static func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x61 && $0 <= 0x66 }
    }

    private static func hexadecimal(digits: Int) -> String {
        let alphabet = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: digits) { buffer in
            for start in stride(from: 0, to: digits, by: 16) {
                var bits = UInt64.random(in: 1...UInt64.max)
                for index in start..<min(start + 16, digits) {
                    buffer[index] = alphabet[Int(bits & 15)]
                    bits >>= 4
                }
            }
            return digits
        }
    }
}
