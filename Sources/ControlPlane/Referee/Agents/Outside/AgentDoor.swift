import OpsCommand
import OpsService
import OpsSystem

/// How somebody's own agent is reached.
enum AgentDoor: Hashable, Sendable {
    /// A program that speaks JSON lines on its standard input and output: its path, and the words after it.
    case program(String, [String])
    /// A server that is sent one message at a time, by POST.
    case address(String)

    static let help = "exec:CMD, or http://HOST:PORT/PATH"

    /// The door that a word of the command line names; nil when it names none.
    ///
    /// A program without a slash is looked for in the directories of `PATH`; with one it counts from where we are.
    init?(_ word: String) throws(CommandError) {
        if word.hasPrefix("http://") || word.hasPrefix("https://") {
            self = .address(word)
        } else if word.hasPrefix("exec:") {
            guard let words = CommandWords.split(String(word.dropFirst(5))), let name = words.first else {
                throw .usage(
                    "\(Terminal.clean(word)) is no command",
                    hint: "for example --agent 'exec:python3 agent.py'"
                )
            }
            self = .program(try Self.find(name), words.dropFirst().map(Self.file))
        } else {
            return nil
        }
    }

    /// A file that is here is meant from wherever the program is started.
    private static func file(_ word: String) -> String {
        guard let path = FileSystem.realPath(word), !FileSystem.isDirectory(path) else { return word }
        return path
    }

    private static func find(_ name: String) throws(CommandError) -> String {
        let places = (ProcessEnvironment.current["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        let candidates =
            name.contains("/") ? [FileSystem.realPath(name)].compactMap(\.self) : places.map { "\($0)/\(name)" }
        guard let path = candidates.first(where: FileSystem.isExecutable) else {
            throw .usage(
                "there is no program \(Terminal.clean(name)) that can be started",
                hint: "exec:./mine for a file here, exec:mine for one in PATH; is it executable?"
            )
        }
        return path
    }
}
