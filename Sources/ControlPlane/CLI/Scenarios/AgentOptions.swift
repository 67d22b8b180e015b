import OpsCommand
import OpsRuntime
import OpsSystem

/// What a command line says of somebody's own agent.
struct AgentOptions {
    static let all: [Option] = [
        .value(
            "agent-files",
            "PATH",
            repeats: true,
            help: "a file or folder that exec:CMD needs beside the words of its command; may be repeated"
        ),
        .flag("unconfined", help: "start exec:CMD without a sandbox: it can look at the lab, and the report says so"),
    ]

    private let sandbox: AgentSandbox?
    private let forbidden: [String]

    /// What the options say; `folders` is what no agent may look into: the labs, and the scenarios.
    ///
    /// - Throws: A usage error for a file that is not there, or that would show one of the folders.
    init(_ parsed: ParsedArguments, forbidden folders: [String]) throws(CommandError) {
        forbidden = folders.compactMap(FileSystem.realPath)
        var files: [String] = []
        for word in parsed.strings("agent-files") {
            guard let path = FileSystem.realPath(word) else {
                throw .usage(
                    "--agent-files \(Terminal.clean(word)) is not there",
                    hint: "a file or folder that can be read"
                )
            }
            files.append(path)
        }
        sandbox = parsed.flag("unconfined") ? nil : AgentSandbox(files: files)
        for file in files { try requireHarmless(file) }
    }

    /// The agent that a word means, when it is the way to somebody's own.
    func agent(_ word: String) throws(CommandError) -> OutsideAgent? {
        guard let door = try AgentDoor(word) else { return nil }
        if sandbox != nil, case .program(let path, let words) = door {
            let paths = [path] + words.filter { $0.hasPrefix("/") }
            for path in paths.compactMap(FileSystem.realPath) { try requireHarmless(path) }
        }
        return OutsideAgent(name: String(Terminal.clean(word).prefix(60)), door: door, sandbox: sandbox)
    }

    private func requireHarmless(_ path: String) throws(CommandError) {
        guard let secret = forbidden.first(where: { Self.overlap($0, path) }) else { return }
        throw .usage(
            "\(Terminal.clean(path)) would show \(Terminal.clean(secret)) to the agent",
            hint: "keep the agent's files in a folder of their own"
        )
    }

    /// Refuses what cannot be confined as it has to be.
    func requireSandbox(for agent: OutsideAgent?) async throws(CommandError) {
        guard case .program? = agent?.door, sandbox != nil, let problem = await AgentSandbox.problem() else { return }
        throw CommandError(
            "exec: needs a sandbox, and there is none: \(problem)",
            hint: "install bubblewrap (scripts/bootstrap does), or take --unconfined, which the report says",
            exitCode: ExitCode.configuration
        )
    }

    private static func overlap(_ one: String, _ other: String) -> Bool {
        "\(one)/".hasPrefix("\(other)/") || "\(other)/".hasPrefix("\(one)/")
    }
}
