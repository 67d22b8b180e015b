import OpsCommand
import OpsRuntime
import OpsService

/// `opslab logs`.
struct LogsCommand: Command {
    static let name = "logs"
    static let endsOnSignal = false
    static let summary = "Print what a component logged"
    static let arguments = [
        Argument("component", help: "a component or program such as api or api-1; all when absent", isRequired: false)
    ]
    static let options: [Option] = [
        LabLookup.option, .value("lines", "N", short: "n", default: "20", help: "how many lines of each file"),
        .flag("follow", short: "f", help: "go on until Ctrl-C"),
    ]

    private let lookup: LabLookup
    private let component: String?
    private let lines: Int
    private let isFollowing: Bool

    init(_ parsed: ParsedArguments) throws {
        self.lookup = try LabLookup(parsed)
        self.component = parsed.argument("component")
        self.lines = try parsed.int("lines", in: 0...10_000) ?? 20
        self.isFollowing = parsed.flag("follow")
    }

    func run() async throws -> Int32 {
        let files = try self.lookup.lab().logs(of: self.component)
        for file in files { self.show(LogTail.last(self.lines, of: file.path), file.program, files.count) }
        if self.isFollowing { await self.follow(files) }
        return ExitCode.ok
    }

    private func follow(_ files: [(program: String, path: String)]) async {
        let component = files.count
        let work = Task {
            var tails = files.map { ($0.program, LogTail(following: $0.path)) }
            while !Task.isCancelled, !Terminal.isOutputLost {
                for index in tails.indices { self.show(tails[index].1.added(), tails[index].0, component) }
                try await Task.sleep(for: .milliseconds(250))
            }
        }
        Signals.onTermination { _ in work.cancel() }
        _ = await work.result
    }

    private func show(_ lines: [String], _ program: String, _ files: Int) {
        for line in lines { Terminal.out((files > 1 ? "\(program): " : "") + Terminal.clean(line)) }
    }
}
