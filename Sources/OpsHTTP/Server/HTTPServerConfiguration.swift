import Glibc
public import OpsModel
public import OpsService

/// Where and within which limits a server listens.
public struct HTTPServerConfiguration: Sendable {
    /// A place to listen at.
    public enum Listen: Sendable, Hashable {
        /// A numeric address or `localhost`, and a port; port 0 takes a free one.
        case tcp(host: String, port: Int)
        /// A unix socket with the permissions of its file, such as `0o600`.
        case unix(path: String, mode: UInt32)
        /// A socket that listens already.
        case descriptor(Int32)

        /// The place that a service's settings name; `mode` is for the file of a unix socket.
        public init(_ address: ListenAddress, mode: UInt32 = 0o600) {
            switch address {
            case .tcp(let host, let port): self = .tcp(host: host, port: Int(port))
            case .unix(let path): self = .unix(path: path, mode: mode)
            }
        }
    }

    /// Begins to listen at a place, for somebody who hands the socket on; the caller owns the descriptor.
    public static func open(_ place: Listen) throws(HTTPServerError) -> Int32 { try Listener(place).descriptor }

    /// How long a client may take for each part of a request, whatever it sends meanwhile.
    public struct Patience: Sendable {
        /// Until the header is complete.
        public var head: Duration = .seconds(5)
        /// From there until the body is complete.
        public var body: Duration = .seconds(10)
        /// Between two requests of a connection.
        public var idle: Duration = .seconds(15)
        /// Until an answer that is no stream has been read.
        public var answer: Duration = .seconds(30)
        /// How often connections are looked at.
        public var sweep: Duration = .milliseconds(250)

        /// The usual limits.
        public init() {}
    }

    /// The place.
    public var listen: Listen
    /// A socket that listens there already, for a server whose place somebody else keeps.
    public var inherited: Int32?
    /// Threads that read and write; handlers run on the task pool.
    public var threads: Int
    /// The largest body in bytes.
    public var bodyLimit: Int
    /// How deep a JSON body may nest.
    public var jsonDepthLimit: Int
    /// Connections at one time; more wait unaccepted.
    public var connectionLimit: Int
    /// Event streams at one time; more are answered 503.
    public var streamLimit: Int
    /// Host names answered to, without ports; the name or address of `listen` and the loopback names are always among them.
    public var allowedHosts: [String]
    /// Origins whose pages may call mutating routes, such as `http://127.0.0.1:8003`.
    public var allowedOrigins: [String]
    /// Limits each caller that showed a key; nil for no limit.
    public var rateLimit: RateLimiter?
    /// Time limits against slow clients.
    public var patience: Patience
    /// How long `run` waits for requests in progress once it is cancelled.
    public var drain: Duration
    /// Whether a key may also come as the password of HTTP's Basic scheme, for clients that know nothing else.
    public var acceptsBasicKeys = false
    /// Asked at each new connection, on a thread that must not wait; one that is not admitted is closed at once, those that are open go on.
    public var admits: @Sendable () -> Bool = { true }
    /// What the `Date` of answers says; nil for the machine's own time.
    public var date: @Sendable () -> Timestamp? = { nil }
    /// The service's name in its OpenAPI document.
    public var name: String

    /// Settings with their usual values.
    public init(
        listen: Listen,
        threads: Int = 2,
        bodyLimit: Int = 1 << 20,
        jsonDepthLimit: Int = 64,
        connectionLimit: Int = 1_000,
        streamLimit: Int = 200,
        allowedHosts: [String] = [],
        allowedOrigins: [String] = [],
        rateLimit: RateLimiter? = nil,
        patience: Patience = Patience(),
        drain: Duration = .seconds(2),
        name: String
    ) {
        self.listen = listen
        self.threads = threads
        self.bodyLimit = bodyLimit
        self.jsonDepthLimit = jsonDepthLimit
        self.connectionLimit = connectionLimit
        self.streamLimit = streamLimit
        self.allowedHosts = allowedHosts
        self.allowedOrigins = allowedOrigins
        self.rateLimit = rateLimit
        self.patience = patience
        self.drain = drain
        self.name = name
    }

    /// Reads `127.0.0.1:8002`, `localhost:0`, `[::1]:80` or `unix:/path`; nil for anything else.
    public static func listen(_ text: String) -> Listen? {
        if text.hasPrefix("unix:") { return .unix(path: String(text.dropFirst(5)), mode: 0o600) }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), colon != text.startIndex
        else { return nil }
        return .tcp(host: String(text[..<colon]), port: port)
    }

    /// What this machine is called; nil where it has no name.
    private static var machine: String? {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return nil }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.isEmpty ? nil : text
    }

    var browserRules: BrowserRules {
        var hosts: Set<String> = ["127.0.0.1", "localhost", "[::1]"]
        if case .tcp(let host, _) = listen {
            hosts.insert(BrowserRules.name(of: host.contains("::") ? "[\(host)]" : host))
            // Whoever listens everywhere goes by the name of its machine, too: in a container, the name others call it by.
            if host == "0.0.0.0" || host == "::", let name = Self.machine { hosts.insert(name.lowercased()) }
        }
        hosts.formUnion(allowedHosts.map { $0.lowercased() })
        return BrowserRules(hosts: hosts, origins: Set(allowedOrigins))
    }
}
