import AgentOps
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem

/// `ActionPlane serve`.
enum ServeProgram {
    static func main(_ arguments: [String]) -> Never {
        Signals.blockAll()
        becomeUndumpable()
        let settings = Settings.loadOrExit(program: "ActionPlane serve", arguments: arguments)
        let logger = Logger(label: "action", level: settings.logLevel)
        MainThread.run {
            do {
                return try await run(settings, logger)
            } catch {
                logger.error("the service cannot start", ["error": .string("\(error)")])
                return 1
            }
        }
    }

    private static func run(_ settings: Settings, _ logger: Logger) async throws -> Int32 {
        let parts = try Parts(settings, logger)
        // What a crash cut off comes to its end before anybody can ask for something new.
        await parts.executor.recover()
        // The records go last: they also tell how the others ended.
        var services: [any Service] = [server(settings, parts, logger)]
        if let witness = parts.witness { services.append(witness) }
        if let snapshots = parts.snapshots { services.append(snapshots) }
        if let recorder = parts.recorder { services.append(recorder) }
        services.append(parts.events)
        return await ServiceGroup(services: services, logger: logger, drain: .seconds(20)).run()
    }

    private static func server(_ settings: Settings, _ parts: Parts, _ logger: Logger) -> HTTPServer {
        var router = Router()
        ActionController(
            executor: parts.executor,
            pace: RunPace(actionsPerMinute: settings.actionsPerMinute, plansPerMinute: settings.plansPerMinute),
            metrics: parts.metrics
        ).install(in: &router)
        let journal = parts.executor.journal
        var configuration = HTTPServerConfiguration(listen: .init(settings.listen), name: "ActionPlane")
        configuration.drain = .seconds(15)
        return HTTPServer(
            configuration: configuration,
            router: router,
            authenticator: KeyFile(path: settings.keys),
            standardRoutes: StandardRoutes { health(journal) },
            logger: logger,
            metrics: parts.registry
        )
    }

    private static func health(_ journal: ActionJournal) -> HealthReport {
        let isWritable = journal.isWritable
        return HealthReport(
            checks: [
                .init(
                    name: "journal",
                    isHealthy: isWritable,
                    message: isWritable ? "writable" : "not writable: no action is begun"
                )
            ],
            details: ["open_runs": .int(journal.ledger.open.count)]
        )
    }
}
