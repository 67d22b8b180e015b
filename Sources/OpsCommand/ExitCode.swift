/// The exit codes of every verb, documented in its help.
public enum ExitCode {
    /// Done.
    public static let ok: Int32 = 0
    /// Tried and failed, or the thing that was checked is not as it should be.
    public static let failed: Int32 = 1
    /// The command line makes no sense.
    public static let usage: Int32 = 2
    /// Understood, and refused or denied.
    public static let refused: Int32 = 3
    /// A service does not answer.
    public static let unreachable: Int32 = 4
    /// This machine lacks what the verb needs.
    public static let unavailable: Int32 = 69
    /// A setting or a document is wrong.
    public static let configuration: Int32 = 78

    /// One line for the foot of every help text.
    static let legend =
        "Exit codes: 0 done, 1 failed, 2 usage, 3 refused, 4 unreachable, 69 unavailable here, 78 configuration."
}
