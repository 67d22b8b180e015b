import Glibc
internal import OpsService
internal import OpsSystem

/// The verbs of Observer.
enum Program {
    static let usage = """
        Usage: Observer serve [--config FILE] [settings]     samples the target, pages, answers questions
               Observer search FOLDER WORDS…                 finds runbooks in a folder
               Observer mine FILE…                           shapes of notable log lines
               Observer VERB --help

        """

    /// Runs one verb and ends the process.
    static func run(_ arguments: [String]) -> Never {
        switch arguments.first {
        case "serve": serve(Array(arguments.dropFirst()))
        case "mine": exit(MineVerb.run(Array(arguments.dropFirst())))
        case "search": exit(SearchVerb.run(Array(arguments.dropFirst())))
        case "--help", "-h", "help":
            print(usage, terminator: "")
            exit(0)
        default:
            Logger.standardError(Array(usage.utf8))
            exit(2)
        }
    }

    private static func serve(_ arguments: [String]) -> Never {
        signal(SIGPIPE, SIG_IGN)
        let configuration = Configuration.loadOrExit(program: "Observer serve", arguments: arguments)
        Signals.blockAll()
        becomeUndumpable()
        MainThread.run { await Observatory.run(configuration) }
    }
}
