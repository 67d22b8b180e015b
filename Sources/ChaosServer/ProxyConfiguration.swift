import OpsService

/// What `proxy` can be told.
struct ProxyConfiguration: ServiceConfiguration {
    var listen: ListenAddress
    var keys: String
    var proxies: String?
    var seed: Int
    var usual: Duration
    var longest: Duration
    var logLevel: LogLevel

    init(reading reader: inout ConfigurationReader) {
        self.listen = reader.read(.listen(default: .tcp(host: "127.0.0.1", port: 8474)))
        self.keys = reader.read(
            .text(
                "keys",
                help:
                    "Accepted keys, of which one with the scope chaos may do everything; made, with proxy.key beside it, when missing.",
                required: true
            )
        )
        self.proxies = reader.read(
            .optionalText(
                "proxies",
                help:
                    "A JSON list of proxies to begin with, each with name, listen and upstream, and link: a socket at which its way is closed."
            )
        )
        self.seed = reader.read(.int("seed", default: 7, in: 0...Int.max, help: "Where chance begins."))
        self.usual = reader.read(
            .duration("usual", default: .seconds(60), help: "How long a toxic lasts that names no ttl_s.")
        )
        self.longest = reader.read(.duration("longest", default: .seconds(600), help: "How long a toxic may last."))
        self.logLevel = reader.read(.logLevel())
    }
}
