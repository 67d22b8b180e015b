import Glibc
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem

/// `ChaosServer proxy-worker`: does what a proxy is for, at sockets that its parent keeps.
///
/// It ends with its parent.
enum ProxyWorker {
    static func main(_ arguments: [String]) -> Never {
        dieWithParent()
        Signals.blockAll()
        becomeUndumpable()
        let configuration = ProxyConfiguration.loadOrExit(program: "ChaosServer proxy", arguments: arguments)
        let logger = Logger(label: "chaos-proxy", level: configuration.logLevel)
        self.raiseDescriptorLimit()
        guard let (proxies, starts) = self.takeOver(configuration) else {
            logger.error("this is started by ChaosServer proxy, and not by hand")
            exit(1)
        }
        MainThread.run {
            do {
                let plan = try configuration.proxies.map { try ProxyPlan(path: $0) } ?? ProxyPlan()
                if starts == 1 { _ = try await proxies.populate(plan.proxies) }
                let doors = try self.openDoors(plan, proxies)
                defer { for door in doors { door.stop() } }
                return try await self.run(proxies, starts, configuration, logger)
            } catch {
                logger.error("the proxy cannot start", ["error": .string("\(error)")])
                return 1
            }
        }
    }

    /// Begins with what the guard has kept.
    ///
    /// A function of its own: `main` never returns, and must hold none of the sockets that it was given.
    private static func takeOver(_ configuration: ProxyConfiguration) -> (proxies: ProxySet, starts: Int)? {
        let sockets = GuardedSockets()
        guard let known = sockets.takeOver(within: .seconds(5)) else { return nil }
        let proxies = ProxySet(
            seed: UInt64(configuration.seed),
            limits: .init(usualS: configuration.usual.inSeconds, longestS: configuration.longest.inSeconds),
            sockets: sockets
        )
        proxies.start(with: known)
        return (proxies, sockets.starts)
    }

    private static func openDoors(_ plan: ProxyPlan, _ proxies: ProxySet) throws -> [SynchronousHTTPListener] {
        try plan.links.sorted { $0.key < $1.key }.map { socket, names in
            let door = LinkDoor(ProxiedWays(proxies: proxies, names: names)).listener(at: socket)
            unlink(socket)
            try door.start()
            return door
        }
    }

    private static func run(
        _ proxies: ProxySet,
        _ starts: Int,
        _ configuration: ProxyConfiguration,
        _ logger: Logger
    ) async throws -> Int32 {
        let watch = ProxyWatch(proxies, starts: starts)
        var router = Router()
        router.mapErrors(ProxyController.describe)
        ProxyController(proxies: proxies).install(in: &router)
        var http = HTTPServerConfiguration(listen: .init(configuration.listen), name: "ChaosServer proxy")
        http.acceptsBasicKeys = true
        if case .tcp = configuration.listen { http.inherited = GuardedSockets.apiDescriptor }
        let server = HTTPServer(
            configuration: http,
            router: router,
            authenticator: KeyFile(path: configuration.keys),
            logger: logger,
            metrics: watch.metrics
        )
        try await server.start()
        await proxies.announce()
        let code = await ServiceGroup(services: [server, watch], logger: logger, drain: .seconds(2)).run()
        proxies.stop()
        return code
    }

    /// Two for each connection.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
