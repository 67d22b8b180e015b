import OpsRuntime
import OpsSystem

/// Knows the history of the target's programs from its making on.
///
/// - Important: Let ``follow()`` be at work for as long as it is to know.
struct ProgramWatch: Sendable {
    private enum Source {
        case log(path: String, known: Int)
        case engine(EventWatch)
    }

    private let source: Source

    init(_ lab: Lab) async throws {
        if let engine = lab.engine(of: .target) {
            self.init(.engine(try await engine.watch()))
        } else {
            try self.init(log: "\(lab.layout.target)/log/supervisord.log")
        }
    }

    /// Looks at a supervisor's log.
    init(log path: String) throws { self.init(.log(path: path, known: try Self.text(path).utf8.count)) }

    private init(_ source: Source) { self.source = source }

    /// Takes in what an engine tells until the task is cancelled; a log keeps everything by itself.
    func follow() async {
        if case .engine(let watch) = source { await watch.follow() }
    }

    /// What happened up to now.
    ///
    /// - Throws: `events_lost` when an engine forgot something that it may not have told.
    func history() async throws -> ProgramHistory {
        switch source {
        case .engine(let watch): return ProgramHistory(events: try await watch.events())
        case .log(let path, let known):
            let log = try Self.text(path).utf8
            // A log that is shorter than it was has been begun anew.
            return ProgramHistory(log: String(decoding: log.dropFirst(log.count < known ? 0 : known), as: UTF8.self))
        }
    }

    private static func text(_ path: String) throws -> String { try FileSystem.text(path, limit: .max) }
}
