import Glibc

/// What a program printed and how it ended.
public struct CommandOutput: Sendable {
    /// How it ended.
    public var status: ExitStatus
    /// The first mebibyte of its output.
    public var stdout: [UInt8]
    /// The first mebibyte of its error output.
    public var stderr: [UInt8]

    /// The output as text, without the last line break.
    public var text: String { Self.text(self.stdout) }
    /// The error output as text, without the last line break.
    public var errorText: String { Self.text(self.stderr) }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}

/// Runs a program to its end and gives what it printed; ended when the time is up or the task is cancelled.
///
/// It is asked with SIGTERM first; what is left of its group after three seconds is killed.
///
/// - Throws: `SystemError` when it cannot be started, `timed_out` or `cancelled`.
public func run(
    _ path: String,
    _ arguments: [String] = [],
    input: [UInt8] = [],
    environment: [String: String] = [:],
    directory: String? = nil,
    within limit: Duration
) async throws(SystemError) -> CommandOutput {
    let spawn = Spawn(path: path, arguments: arguments, environment: environment, directory: directory)
    let (child, streams) = try startPiped(spawn)
    let collected = await streams.exchange(input, with: child, within: limit)
    guard let status = collected.status else {
        let what = Task.isCancelled ? "\(path) was cancelled" : "\(path) did not end within \(limit.inSeconds) s"
        throw SystemError(Task.isCancelled ? .cancelled : .timedOut, what)
    }
    return CommandOutput(status: status, stdout: collected.output, stderr: collected.error)
}

/// Our copies of the child's ends close when this returns: an end of file needs that nobody else holds them open.
private func startPiped(_ described: Spawn) throws(SystemError) -> (ChildProcess, CommandStreams) {
    ignoreBrokenPipes()  // a child that does not read its input is no reason to end
    let (inRead, inWrite) = try FileDescriptor.pipe()
    let (outRead, outWrite) = try FileDescriptor.pipe()
    let (errRead, errWrite) = try FileDescriptor.pipe()
    var spawn = described
    spawn.standardInput = inRead.raw
    spawn.standardOutput = outWrite.raw
    spawn.standardError = errWrite.raw
    let child = try spawn.start()
    return withExtendedLifetime((inRead, outWrite, errWrite)) {
        (child, CommandStreams(input: inWrite, output: outRead, error: errRead))
    }
}
