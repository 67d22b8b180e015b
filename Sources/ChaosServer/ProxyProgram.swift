import Glibc
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsService
import OpsSystem
import OpsTrust

/// `ChaosServer proxy`: stands between a client and its server, and does to their connections what it is told for a while.
///
/// It holds no fault: each toxic has a time after which the proxy forgets it by itself, whoever asked for it. This process
/// listens, and a child of it does everything else.
enum ProxyProgram {
    static func main(_ arguments: [String]) -> Never {
        Signals.blockAll()
        becomeUndumpable()
        let configuration = ProxyConfiguration.loadOrExit(program: "ChaosServer proxy", arguments: arguments)
        let logger = Logger(label: "chaos-proxy", level: configuration.logLevel)
        do {
            try self.prepareKeys(configuration.keys, logger)
            let api = try self.openAPI(configuration.listen)
            exit(ProxyGuard(arguments: arguments, api: api, log: logger).run())
        } catch {
            logger.error("the proxy cannot start", ["error": .string("\(error)")])
            exit(1)
        }
    }

    /// The worker opens a unix socket itself: whoever finds nobody there can tell a dead one by its file.
    private static func openAPI(_ place: ListenAddress) throws -> FileDescriptor? {
        guard case .tcp = place else { return nil }
        return FileDescriptor(owning: try HTTPServerConfiguration.open(.init(place)))
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
}
