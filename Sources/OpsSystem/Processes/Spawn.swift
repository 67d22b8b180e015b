import CLinux
import Glibc

/// A program to start: own process group, default signals, and no descriptor but those listed.
public struct Spawn: Sendable {
    /// The program; a name without a slash is not searched for.
    public var path: String
    /// The arguments after the program's own name.
    public var arguments: [String]
    /// The whole environment; nothing is inherited.
    public var environment: [String: String]
    /// Where it starts; nil is where we are.
    public var directory: String?
    /// Its input; nil is `/dev/null`.
    public var standardInput: Int32?
    /// Its output; nil is ours.
    public var standardOutput: Int32?
    /// Its error output; nil is ours.
    public var standardError: Int32?
    /// A session of its own, so that a terminal's Ctrl-C does not reach it.
    public var newSession: Bool
    /// Passed as 3, 4, … in this order.
    public var extraDescriptors: [Int32]

    /// Describes a program; nothing happens before `start()`.
    public init(
        path: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        directory: String? = nil,
        standardInput: Int32? = nil,
        standardOutput: Int32? = nil,
        standardError: Int32? = nil,
        newSession: Bool = false,
        extraDescriptors: [Int32] = []
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.standardInput = standardInput
        self.standardOutput = standardOutput
        self.standardError = standardError
        self.newSession = newSession
        self.extraDescriptors = extraDescriptors
    }

    /// Starts the program.
    ///
    /// Whoever owns the descriptors has to keep them open until this returns.
    /// The child stays a zombie until `ChildProcess` has been asked how it ended, so its number cannot be reused before.
    public func start() throws(SystemError) -> ChildProcess {
        let null = try FileDescriptor(opening: "/dev/null", O_RDONLY)
        let standard = [self.standardInput ?? null.raw, self.standardOutput ?? -1, self.standardError ?? -1]
        let environment = self.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var pid: pid_t = 0
        let failure = withCStrings([self.path] + self.arguments) { argv in
            withCStrings(environment) { env in
                opslab_linux_spawn(
                    &pid,
                    self.path,
                    argv,
                    env,
                    self.newSession ? 1 : 0,
                    standard,
                    self.extraDescriptors,
                    Int32(self.extraDescriptors.count),
                    self.directory
                )
            }
        }
        withExtendedLifetime(null) {}
        guard failure == 0 else { throw SystemError(errno: failure, doing: "start \(self.path)") }
        return try ChildProcess(pid: pid)
    }
}

/// Lends a null-terminated array of C strings for the time of one call.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<CChar>?.self, capacity: copies.count + 1) { buffer in
        for (index, copy) in copies.enumerated() { buffer[index] = copy }
        buffer[copies.count] = nil
        guard let base = buffer.baseAddress else { preconditionFailure("a buffer with room for one has an address") }
        return body(base)
    }
}
