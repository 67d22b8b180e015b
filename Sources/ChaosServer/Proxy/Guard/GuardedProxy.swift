/// What the guard of a proxy's sockets knows of one proxy: enough to bring it back, and nothing of its toxics.
struct GuardedProxy: Codable, Hashable, Sendable {
    var name: String
    var listen: IPv4.Place
    var upstream: IPv4.Place
    var isEnabled: Bool
}

/// One packet between the guard of a proxy's sockets and the worker that uses them.
struct GuardMessage: Codable, Sendable {
    enum Kind: String, Codable, Sendable {
        /// Guard to worker, at its start: a proxy there was, with its socket beside it when it is enabled.
        case known
        /// Guard to worker: these were all; `starts` says the how many-th worker it is.
        case begin
        /// Guard to worker, to a message with this number: as it is now, with a socket that was opened for it beside it.
        case answer
        /// Worker to guard: begun, from here on its death is an accident.
        case ready
        case beat
        /// Worker to guard: a proxy as it shall be; its socket is opened or closed accordingly.
        case keep
        /// Worker to guard: there is no such proxy any more.
        case forget
    }

    var kind: Kind
    var number: Int?
    var proxy: GuardedProxy?
    var starts: Int?
    var problem: String?

    init(_ kind: Kind, number: Int? = nil, proxy: GuardedProxy? = nil) {
        self.kind = kind
        self.number = number
        self.proxy = proxy
    }
}
