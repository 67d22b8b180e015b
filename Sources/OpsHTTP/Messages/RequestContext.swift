/// What travels with a request through everything that it causes.
///
/// The server sets it around a route, and ``HTTPClient`` sends it on, so that a chain of services shares one trace.
public struct RequestContext: Sendable {
    /// The context of the request being served; nil outside of one.
    @TaskLocal public static var current: RequestContext?

    /// The name of the request in answers and logs.
    public var requestID: String
    /// The request's place in its trace.
    public var traceParent: TraceParent

    /// Pairs a request's name with its trace.
    public init(requestID: String, traceParent: TraceParent) {
        self.requestID = requestID
        self.traceParent = traceParent
    }
}

/// Takes over a caller's request id when it is harmless, and makes one otherwise.
enum RequestID {
    static func accept(_ offered: String?) -> String {
        guard let offered, (1...64).contains(offered.utf8.count), offered.utf8.allSatisfy(isHarmless) else {
            return "req-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        }
        return offered
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
