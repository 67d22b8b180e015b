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
        if word.hasPrefix("http://") {
            self = .address(word)
        } else if word.hasPrefix("https://") {
            throw .usage(
                "\(Terminal.clean(word)) wants https, and agents are spoken to over http only",
                hint: "http://HOST:PORT/PATH; a proxy on this machine can speak https for it"
            )
        } else if word.hasPrefix("exec:") {
            guard let words = CommandWords.split(String(word.dropFirst(5))), let name = words.first else {
                throw .usage(
                    "\(Terminal.clean(word)) is no command",
                    hint: "for example --agent 'exec:python3 agent.py'"
                )
            }
            self = .program(try Self.find(name), Self.arguments(words.dropFirst()))
        } else {
            return nil
        }
    }

    /// The words after the program; a file that is here is meant from wherever the program is started.
    ///
    /// Taken for one is a word with a slash, and the first word, which names the script; any other could be a file by accident.
    private static func arguments(_ words: ArraySlice<String>) -> [String] {
        words.enumerated().map { index, word in index == 0 || word.contains("/") ? file(word) : word }
    }

    private static func file(_ word: String) -> String {
        guard let path = FileSystem.realPath(word), !FileSystem.isDirectory(path) else { return word }
        return path
    }

    private static func find(_ name: String) throws(CommandError) -> String {
        let places = (ProcessEnvironment.current["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        let candidates = name.contains("/") ? [name] : places.map { "\($0)/\(name)" }
        guard let path = candidates.compactMap(Self.located).first(where: FileSystem.isExecutable) else {
            throw .usage(
                "there is no program \(Terminal.clean(name)) that can be started",
                hint: "exec:./mine for a file here, exec:mine for one in PATH; is it executable?"
            )
        }
        return path
    }

    /// The program's path from the root, with every link followed but one that is the program itself.
    ///
    /// Where such a link lies may mean something: Python finds by it the virtual environment that it belongs to.
    private static func located(_ path: String) -> String? {
        guard let folder = FileSystem.realPath(FileSystem.parent(of: path)), let name = path.split(separator: "/").last
        else { return nil }
        return folder == "/" ? "/\(name)" : "\(folder)/\(name)"
    }
}
