import OpsCommand
import OpsService

@main
enum App {
    static func main() {
        Program.start(Array(CommandLine.arguments.dropFirst()))
    }
}

/// One binary, three lives: the gate, the agent's process, and the operator's command line.
enum Program {
    static func start(_ arguments: [String]) -> Never {
        Signals.blockAll()
        if arguments.first == AgentProgram.name { AgentProgram.start(Array(arguments.dropFirst())) }
        MainThread.run { await run(arguments) }
    }

    private static func run(_ arguments: [String]) async -> Int32 {
        switch arguments.first {
        case "serve": await GateProgram.run(Array(arguments.dropFirst()))
        default: await commands.main(arguments)
        }
    }

    private static var commands: CommandTable {
        CommandTable(
            program: "opslab",
            about: "Break a running system on purpose, and see whether an agent repairs it safely.",
            commands: Commands.all
        )
    }
}
