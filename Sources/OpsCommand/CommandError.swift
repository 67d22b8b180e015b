/// Why a command line was not carried out, in words for the person who typed it.
public struct CommandError: Error, Sendable, CustomStringConvertible {
    /// What happened.
    public var message: String
    /// What to do about it.
    public var hint: String?
    /// The code with which the process ends.
    public var exitCode: Int32

    /// An error that ends the process with `exitCode`.
    public init(_ message: String, hint: String? = nil, exitCode: Int32 = ExitCode.failed) {
        self.message = message
        self.hint = hint
        self.exitCode = exitCode
    }

    /// A command line that makes no sense.
    public static func usage(_ message: String, hint: String? = nil) -> CommandError {
        CommandError(message, hint: hint, exitCode: ExitCode.usage)
    }

    /// The message, then the hint on a line of its own.
    public var description: String { hint.map { "\(message)\nhint: \($0)" } ?? message }
}

/// An error of another library that knows how the process should end.
public protocol ExitCoded: Error {
    /// The code with which the process ends when nobody handles the error.
    var exitCode: Int32 { get }
    /// What to do about it, where the description does not say so already.
    var advice: String? { get }
}

extension ExitCoded {
    /// Nothing beyond the description.
    public var advice: String? { nil }
}
