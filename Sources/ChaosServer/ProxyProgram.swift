import Glibc
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsService
import OpsSystem
import OpsTrust

/// `ChaosServer proxy`: stands between a client and its server, and does to their connections what it is told for a while.
///
/// It holds no fault: each toxic has a time after which the proxy forgets it by itself, whoever asked for it.
enum ProxyProgram {
    static func main(_ arguments: [String]) -> Never {
        Signals.blockAll()
        becomeUndumpable()
        ignoreBrokenPipes()
        let configuration = ProxyConfiguration.loadOrExit(program: "ChaosServer proxy", arguments: arguments)
        let logger = Logger(label: "chaos-proxy", level: configuration.logLevel)
        self.raiseDescriptorLimit()
        MainThread.run {
            do {
                return try await self.run(configuration, logger)
            } catch {
                logger.error("the proxy cannot start", ["error": .string("\(error)")])
                return 1
            }
        }
    }

    private static func run(_ configuration: ProxyConfiguration, _ logger: Logger) async throws -> Int32 {
        let proxies = ProxySet(
            seed: UInt64(configuration.seed),
            limits: .init(usualS: configuration.usual.inSeconds, longestS: configuration.longest.inSeconds)
        )
        proxies.start()
        try self.prepareKeys(configuration.keys, logger)
        if let path = configuration.proxies {
            let list = try OpsJSON.decode(JSONValue.self, from: FileSystem.read(path, limit: 1 << 20)).arrayValue ?? []
            _ = try await proxies.populate(list.map { document throws(ChaosError) in try ProxyRequest(document) })
        }
        let watch = ProxyWatch(proxies)
        var router = Router()
        router.mapErrors(ProxyController.describe)
        ProxyController(proxies: proxies).install(in: &router)
        var http = HTTPServerConfiguration(listen: .init(configuration.listen), name: "ChaosServer proxy")
        http.acceptsBasicKeys = true
        let server = HTTPServer(
            configuration: http,
            router: router,
            authenticator: KeyFile(path: configuration.keys),
            logger: logger,
            metrics: watch.metrics
        )
        let code = await ServiceGroup(services: [server, watch], logger: logger, drain: .seconds(2)).run()
        proxies.stop()
        return code
    }

    /// Where there is no file of keys, makes one with one key, which lies beside it for whoever may read it.
    private static func prepareKeys(_ path: String, _ logger: Logger) throws {
        guard !FileSystem.exists(path) else { return }
        let key = APIKey.generate()
        let place = "\(FileSystem.parent(of: path))/proxy.key"
        try FileSystem.writeAtomically(Array("\(key.secretText)\n".utf8), to: place, mode: 0o600)
        let entry = AcceptedKey(key, principal: "proxy", scopes: ["chaos"])
        try FileSystem.writeAtomically(OpsJSON.encode([entry], pretty: true), to: path, mode: 0o600)
        logger.info("made a key", ["file": .string(place)])
    }

    /// Two for each connection.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
