import AgentOps
import OpsService

/// What each of the shop's processes is told at its start: one set of keys for all verbs, so that one generator writes them.
struct ShopConfiguration: ServiceConfiguration {
    var listen: ListenAddress
    var name: String
    var alsoKnownAs: [String]
    var logLevel: LogLevel
    var source: String?
    var via: String?
    var environmentFile: String?
    var hosts: String?
    var cache: String
    var scratch: String
    var ledger: String
    var keys: String?
    var merchantKeys: String
    var strains: String?
    var memoryMiB: Int
    var fds: Int
    var upstreams: [String]
    var topology: String?
    var rate: Int
    var seed: Int
    var every: Duration
    var terms: String
    var slots: Int
    var latency: Duration
    var record: RecorderConfiguration?

    init(reading reader: inout ConfigurationReader) {
        listen = reader.read(.listen(default: .tcp(host: "127.0.0.1", port: 8000)))
        name = reader.read(.text("name", default: "shop", help: "Name of this instance in logs and answers."))
        alsoKnownAs = reader.read(
            .list("also_known_as", help: "Other names and addresses by which callers may address this instance.")
        )
        logLevel = reader.read(.logLevel())
        source = reader.read(
            .optionalText(
                "source",
                help: "Own address that calls to others are made from; the kernel's choice when absent."
            )
        )
        via = reader.read(
            .optionalText(
                "via",
                help:
                    "Address at which a proxy stands for each that the environment file names, at the same port (api, load)."
            )
        )
        environmentFile = reader.read(
            .optionalText("env_file", help: "File of KEY=value lines, read once at the start.")
        )
        hosts = reader.read(
            .optionalText(
                "hosts",
                help:
                    "File of NAME=ADDRESS lines, looked at for each call before a name is the system's affair (api, worker)."
            )
        )
        cache = reader.read(.text("cache", default: "var/cache", help: "Directory of the catalogue cache (api)."))
        scratch = reader.read(
            .text("scratch", default: "var/scratch", help: "Directory for work in progress (worker).")
        )
        ledger = reader.read(
            .text("ledger", default: "ledger", help: "Directory of orders and charges (load, upstream).")
        )
        keys = reader.read(
            .optionalText("keys", help: "File of accepted keys; without it no protected route can be used.")
        )
        merchantKeys = reader.read(
            .text(
                "merchant_keys",
                default: "provider.keys",
                help: "File with the SHA-256 of each key that is taken, read for every request (upstream)."
            )
        )
        strains = reader.read(
            .optionalText("strains", help: "Socket at which strains are asked for (api, upstream); none when absent.")
        )
        memoryMiB = reader.read(
            .int(
                "memory_mib",
                default: 0,
                in: 0...1_048_576,
                help: "Resident memory in MiB from 95 % of which on requests are refused (api); 0 for no limit."
            )
        )
        fds = reader.read(
            .int(
                "fds",
                default: 0,
                in: 0...65_536,
                help: "Open descriptors from 95 % of which on nothing more is opened (api); 0 for no limit."
            )
        )
        upstreams = reader.read(
            .list("upstreams", help: "web: addresses of the api instances; load: addresses of the door.")
        )
        topology = reader.read(
            .optionalText("topology", help: "load: play this file's journeys instead of the shop's, at `upstreams`.")
        )
        rate = reader.read(.int("rate", default: 120, in: 1...2_000, help: "Customers' requests per second (load)."))
        seed = reader.read(.int("seed", default: 7, in: 0...Int.max, help: "Where chance begins (load, upstream)."))
        every = reader.read(.duration("every", default: .seconds(20), help: "Time between two reports (report)."))
        terms = reader.read(
            .choice(
                "terms",
                ["by-name", "primary", "fallback"],
                default: "by-name",
                help: "Kind of provider (upstream)."
            )
        )
        slots = reader.read(
            .int("slots", default: 0, in: 0...1_000, help: "Charges at a time; 0 as by the terms (upstream).")
        )
        latency = reader.read(
            .duration("latency", default: .zero, help: "Time of a charge; 0 as by the terms (upstream).")
        )
        record = RecorderConfiguration(reading: &reader)
    }

    /// The terms of this provider; by its name when nothing else was said.
    var providerTerms: ProviderTerms {
        let isFallback =
            terms == "by-name" ? name.hasSuffix("-b") || name.hasSuffix("fallback") : terms == "fallback"
        var result = isFallback ? ProviderTerms.fallback : .primary
        if slots > 0 { result.slots = slots }
        if latency > .zero { result.latencyMilliseconds = latency.milliseconds }
        return result
    }
}
