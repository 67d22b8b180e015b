import Glibc
import OpsService

/// Finds the verb and runs it.
///
/// One binary, so that a version of the shop is one file.
enum Program {
    static let verbs = ["web", "api", "worker", "report", "upstream", "load", "migrate"]

    static func run() -> Never {
        Signals.blockAll()
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let verb = arguments.first, verbs.contains(verb) else { usage(arguments.first) }
        let rest = Array(arguments.dropFirst())
        if verb == "migrate" {
            MigrateVerb.run(rest)
        }
        serve(verb, rest)
    }

    private static func serve(_ verb: String, _ arguments: [String]) -> Never {
        let settings = ShopConfiguration.loadOrExit(program: "TargetServer \(verb)", arguments: arguments)
        do {
            let process = try ShopProcess(verb: verb, settings: settings)
            MainThread.run { await start(process) }
        } catch {
            complain("\(error)")
            exit(ConfigurationError.exitCode)
        }
    }

    private static func start(_ process: ShopProcess) async -> Int32 {
        switch process.verb {
        case "web": await WebProcess(process: process).run()
        case "api": await APIProcess(process: process).run()
        case "worker": await WorkerProcess(process: process).run()
        case "report": await ReportProcess(process: process).run()
        case "upstream": await UpstreamProcess(process: process).run()
        default:
            if let topology = process.settings.topology {
                await VisitorProcess(process: process, topology: topology).run()
            } else {
                await LoadProcess(process: process).run()
            }
        }
    }

    static func complain(_ text: String) { Logger.standardError(Array("TargetServer: \(text)\n".utf8)) }

    private static func usage(_ word: String?) -> Never {
        let text = """
            Usage: TargetServer VERB [--config FILE] [settings]

              web       the edge: page and /api, in front of the api instances
              api       products, customers, orders, stock, checkout
              worker    fulfils orders from the job queue
              report    the batch job that looks at sales every 20 s
              upstream  a payment provider
              load      the customers
              migrate   brings the database to the newest schema: up, down --to N, status, verify

            TargetServer VERB --help lists the settings of a verb.

            """
        if word == "--help" || word == "help" {
            print(text, terminator: "")
            exit(0)
        }
        complain(word.map { "there is no verb '\($0)'\n\n\(text)" } ?? "no verb given\n\n\(text)")
        exit(2)
    }
}
