import Glibc
import OpsService

/// Which of ActionPlane's programs this process is.
enum Program {
    private static let usage = """
        usage: ActionPlane serve --config FILE
               ActionPlane run ACTION --config FILE [--param NAME=VALUE ...] (--dry-run | --grant TEXT)

        `serve` answers POST /action/*. `run` carries out one action from a shell, under the same rules, while no
        service is running; beside a running one use `opslab action run`.

        """

    static func main(_ arguments: [String]) -> Never {
        let rest = Array(arguments.dropFirst(2))
        switch arguments.dropFirst().first {
        case "serve": ServeProgram.main(rest)
        case "run": RunProgram.main(rest)
        case "--help", "-h", "help":
            print(usage, terminator: "")
            exit(0)
        default:
            Logger.standardError(Array(usage.utf8))
            exit(2)
        }
    }
}
