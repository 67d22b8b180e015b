import Glibc

/// Runs a program to its end on this thread, for programs that have no tasks; killed when the time is up.
///
/// Input that does not fit into a pipe (64 KiB) is refused. Output and error output come as one text, of which the first
/// mebibyte is kept.
///
/// - Returns: how it ended, nil when the time was up.
/// - Throws: `SystemError` when it cannot be started.
public func runBlocking(
    _ path: String,
    _ arguments: [String] = [],
    input: [UInt8] = [],
    within limit: Duration
) throws(SystemError) -> (status: ExitStatus?, text: String) {
    guard input.count <= 65_536 else {
        throw SystemError(.invalidArgument, "\(input.count) bytes do not fit into a pipe")
    }
    let end = BootClock.now() + limit.nanoseconds
    let (output, child) = try startWithPipes(path, arguments, input)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
        let now = BootClock.now()
        var entry = pollfd(fd: output.raw, events: Int16(POLLIN), revents: 0)
        let left = now < end ? Int32(clamping: (end - now) / 1_000_000 + 1) : 0
        guard retryInterrupted({ poll(&entry, 1, left) }) == 1 else { break }
        let count = retryInterrupted { read(output.raw, &chunk, chunk.count) }
        guard count > 0 else { break }
        if bytes.count < 1 << 20 { bytes += chunk[..<count] }
    }
    let now = BootClock.now()
    let status = child.waitBlocking(within: .nanoseconds(Int64(clamping: now < end ? end - now : 0)))
    if status == nil {
        child.signalGroup(SIGKILL)
        _ = child.waitBlocking(within: .seconds(1))
    }
    return (status, String(decoding: bytes, as: UTF8.self))
}

/// Our copies of the child's ends close when this returns: an end of file needs that nobody else holds them open.
private func startWithPipes(
    _ path: String,
    _ arguments: [String],
    _ input: [UInt8]
) throws(SystemError) -> (output: FileDescriptor, child: ChildProcess) {
    let (inRead, inWrite) = try FileDescriptor.pipe()
    let (outRead, outWrite) = try FileDescriptor.pipe()
    if !input.isEmpty { try inWrite.write(input, doing: "write to \(path)") }
    var spawn = Spawn(path: path, arguments: arguments)
    spawn.standardInput = inRead.raw
    spawn.standardOutput = outWrite.raw
    spawn.standardError = outWrite.raw
    let child = try spawn.start()
    return withExtendedLifetime((inRead, inWrite, outWrite)) { (outRead, child) }
}
