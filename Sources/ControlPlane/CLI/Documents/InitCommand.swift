import OpsCommand
import OpsModel
import OpsSpec
import OpsSystem

/// `opslab init`.
struct InitCommand: Command {
    static let name = "init"
    static let summary = "Read a Docker Compose file and write a first topology of it"
    static let discussion = """
        Only what the file bears out is taken: a kind that nothing proves is a question, journeys are not made up, nothing may
        be broken and nothing restarted. Whatever a person has to write is marked TODO in the file and listed afterwards. No
        password is copied. Variables count as not set; `docker compose config` prints a file in which all is filled in.
        """
    static let options: [Option] = [
        .value("from", "FILE", help: "the Compose file"),
        .value("out", "FILE", default: "topology.yaml", help: "where the topology goes; - prints it"),
        .flag("force", help: "replace a file that is there"), .json,
    ]

    private let source: String
    private let out: String
    private let isForced: Bool
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        guard let source = parsed.string("from") else {
            throw CommandError.usage("--from is missing: the Compose file to read", hint: "--from compose.yaml")
        }
        self.source = source
        out = parsed.string("out") ?? "topology.yaml"
        isForced = parsed.flag("force")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let isPrinting = out == "-"
        if !isPrinting { try refuseOverwriting() }
        let draft = TopologyDraft(try ComposeFile.load(source))
        if !isPrinting { try write(draft.text) }
        let report = InitReport(draft, file: isPrinting ? nil : out)
        if isJSON {
            Terminal.out(try OpsJSON.string(report))
        } else if isPrinting {
            Terminal.out(String(draft.text.dropLast()))
            for line in report.lines { Terminal.err(line) }
        } else {
            for line in report.lines { Terminal.out(line) }
        }
        return ExitCode.ok
    }

    private func refuseOverwriting() throws {
        if let there = FileSystem.realPath(out), there == FileSystem.realPath(source) {
            throw CommandError.usage("--out is the Compose file itself")
        }
        guard FileSystem.exists(out), !isForced else { return }
        throw CommandError(
            "'\(Terminal.clean(out))' is there already, and stays as it is",
            hint: "--force replaces it, --out FILE writes another",
            exitCode: ExitCode.refused
        )
    }

    /// A file that is replaced keeps its mode.
    private func write(_ text: String) throws {
        let mode: UInt32? = FileSystem.exists(out) ? nil : 0o644
        try FileSystem.writeAtomically(text, to: out, mode: mode)
    }
}
