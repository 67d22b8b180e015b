import Glibc

/// The verbs of a program, and the way from a command line to an exit code.
public struct CommandTable: Sendable {
    private let program: String
    private let about: String
    private let version: String
    private let commands: [any Command.Type]

    /// A program with these verbs; longer names win over shorter ones ("incident show" over "incident").
    public init(program: String, about: String, version: String = "0.1.0", commands: [any Command.Type]) {
        self.program = program
        self.about = about
        self.version = version
        self.commands = commands
    }

    /// Runs the command line and gives the exit code; `arguments` come without the program's own name.
    public func main(_ arguments: [String]) async -> Int32 {
        do {
            switch try parse(arguments) {
            case .print(let text):
                Terminal.out(text)
                return written(ExitCode.ok)
            case .run(let command):
                if type(of: command).endsOnSignal { Self.acceptSignals() }
                return written(try await command.run())
            }
        } catch {
            return report(error)
        }
    }

    /// An answer that did not reach whoever asked is no success.
    private func written(_ code: Int32) -> Int32 {
        guard code == ExitCode.ok, Terminal.isOutputLost else { return code }
        Terminal.err("\(program): not all of the output could be written")
        Terminal.err("hint: is the disk full, or did the reader go away?")
        return ExitCode.failed
    }

    /// The program starts with these blocked in every thread; one that lets them through is enough for them to end it.
    private static func acceptSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// What a command line asks for.
    enum Invocation {
        case print(String)
        case run(any Command)
    }

    /// Decides what to do, and does nothing.
    func parse(_ arguments: [String]) throws -> Invocation {
        guard let first = arguments.first, !["-h", "--help", "help"].contains(first) else {
            return .print(help(for: Array(arguments.dropFirst())))
        }
        if first == "--version" { return .print("\(program) \(version)") }
        guard let (command, rest) = select(arguments) else { throw unknown(arguments) }
        let own = rest.prefix { $0 != "--" }
        if own.contains("--help") || own.contains("-h") { return .print(HelpText.verb(command, program: program)) }
        var parser = ArgumentParser(command)
        return .run(try command.init(try parser.parse(rest)))
    }

    private func help(for words: [String]) -> String {
        if let (command, _) = select(words) { return HelpText.verb(command, program: program) }
        return HelpText.program(program, about: about, commands: commands)
    }

    private func select(_ arguments: [String]) -> (any Command.Type, [String])? {
        let matches = commands.filter { command in
            arguments.starts(with: command.name.split(separator: " ").map(String.init))
        }
        guard let best = matches.max(by: { $0.name.count < $1.name.count }) else { return nil }
        return (best, Array(arguments.dropFirst(best.name.split(separator: " ").count)))
    }

    private func unknown(_ arguments: [String]) -> CommandError {
        let word = arguments.first ?? ""
        let family = commands.map { $0.name }.filter { $0.hasPrefix(word + " ") }
        if !family.isEmpty {
            return .usage("'\(program) \(word)' needs one more word", hint: "one of: \(family.joined(separator: ", "))")
        }
        let near = commands.map { $0.name }.filter { !word.isEmpty && $0.hasPrefix(word.prefix(3)) }
        let hint =
            near.isEmpty ? "'\(program) --help' lists the verbs" : "did you mean \(near.joined(separator: " or "))?"
        return .usage("\(program) has no verb '\(Terminal.clean(word))'", hint: hint)
    }

    private func report(_ error: any Error) -> Int32 {
        let advice = (error as? any ExitCoded)?.advice.map { "\nhint: \($0)" } ?? ""
        Terminal.err("\(program): \(Terminal.clean("\(error)\(advice)", keepingLines: true))")
        switch error {
        case let error as CommandError: return error.exitCode
        case let error as any ExitCoded: return error.exitCode
        default: return ExitCode.failed
        }
    }
}
