/// A request to another service.
public struct HTTPClientRequest: Sendable {
    /// The method.
    public var method: HTTPMethod
    /// The whole URL, `http` only.
    public var url: String
    /// Header fields; the client adds the key, the trace and the idempotency key.
    public var headers: HTTPHeaders
    /// The body.
    public var body: [UInt8]
    /// The time for everything together, repetitions included; nil takes the client's.
    public var timeout: Duration?
    /// Names the operation, so that the server carries it out once however often it is sent.
    public var idempotencyKey: String?
    /// A unix socket to connect to instead of the URL's host.
    public var unixSocket: String?
    /// An IPv4 address or a name to connect to instead of the URL's host, which the request still names; nil takes the client's.
    public var place: String?
    /// The own IPv4 address that the connection is made from; nil takes the client's, or leaves it to the kernel.
    public var source: String?
    /// Sent as `Authorization: Bearer`.
    public var key: String?
    /// How often a failed try is repeated; nil takes the client's number.
    ///
    /// Only safe or keyed requests are ever repeated.
    public var retries: Int?

    /// Makes a request.
    public init(
        method: HTTPMethod = .get,
        url: String,
        headers: HTTPHeaders = [:],
        body: [UInt8] = [],
        timeout: Duration? = nil,
        idempotencyKey: String? = nil,
        unixSocket: String? = nil,
        key: String? = nil,
        retries: Int? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.idempotencyKey = idempotencyKey
        self.unixSocket = unixSocket
        self.key = key
        self.retries = retries
    }

    /// The host that the URL names; nil where it names none.
    var host: String? {
        guard let begin = url.firstRange(of: "://")?.upperBound else { return nil }
        let host = url[begin...].prefix { !":/?#".contains($0) }
        return host.isEmpty ? nil : String(host)
    }

    /// Whether sending it twice does no harm.
    var isRepeatable: Bool { method.isSafe || idempotencyKey != nil }
}
