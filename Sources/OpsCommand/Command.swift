/// A verb of a program.
///
/// Its arguments are read in `init`, before anything happens, so that a bad command line has no effect.
public protocol Command: Sendable {
    /// The words that select it: "incident show".
    static var name: String { get }
    /// One line for the list of verbs, without a full stop.
    static var summary: String { get }
    /// More for its own help; empty when the summary says it all.
    static var discussion: String { get }
    /// Positional arguments in order.
    static var arguments: [Argument] { get }
    /// Options; `--help` is added to each verb.
    static var options: [Option] { get }
    /// Whether Ctrl-C simply ends it; false for a verb that has something to finish or to undo.
    static var endsOnSignal: Bool { get }
    /// Takes what was typed; throws ``CommandError`` when a value makes no sense.
    init(_ parsed: ParsedArguments) throws
    /// Does the work and gives the exit code.
    func run() async throws -> Int32
}

extension Command {
    /// No further help.
    public static var discussion: String { "" }
    /// No positional arguments.
    public static var arguments: [Argument] { [] }
    /// No options.
    public static var options: [Option] { [] }
    /// Nothing to undo.
    public static var endsOnSignal: Bool { true }
}
