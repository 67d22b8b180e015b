/// Whoever starts and stops programs by name: a supervisor, or a container engine.
///
/// A call never hangs: whoever does not answer within the limit is an error. `start` and `stop` are not repeated by themselves;
/// ask for the state before trying again.
public protocol ProgramControl: Sendable {
    /// All programs there are, in a stable order.
    func programs() async throws(RuntimeError) -> [ProgramState]

    /// One program.
    ///
    /// - Throws: `unknown_program` when there is none of this name.
    func state(of program: String) async throws(RuntimeError) -> ProgramState

    /// Starts a program, and returns before it is ready to serve; one that runs already is no error.
    func start(_ program: String) async throws(RuntimeError)

    /// Stops a program and waits for its end; one that does not run is no error.
    func stop(_ program: String) async throws(RuntimeError)

    /// Lets a program go on that is held still; one that is not is no error, and is left as it is.
    func resume(_ program: String) async throws(RuntimeError)

    /// Whether somebody answers at all.
    func answers() async -> Bool
}

extension ProgramControl {
    /// Stops and starts in two steps, so that a crash in between leaves a program that `start` repairs.
    public func restart(_ program: String) async throws(RuntimeError) {
        try await stop(program)
        try await start(program)
    }
}

/// The same for programs without tasks: each call holds its thread.
package protocol BlockingProgramControl: Sendable {
    func state(of program: String) throws(RuntimeError) -> ProgramState
    /// How much memory its processes really hold, as far as that is not given back at once when others want it.
    func residentBytes(of program: String) throws(RuntimeError) -> UInt64
    /// How many descriptors its process has open; nil where that cannot be seen from outside.
    func openDescriptors(of program: String) throws(RuntimeError) -> Int?
    func start(_ program: String) throws(RuntimeError)
    func stop(_ program: String) throws(RuntimeError)
    /// Ends the program's process as a crash would, so that whoever supervises it sees a crash.
    func crash(_ program: String) throws(RuntimeError)
    /// Holds a running program's process still: it keeps what it has and does nothing, and whoever supervises it calls it running.
    func pause(_ program: String) throws(RuntimeError)
    /// Lets a program go on that is held still; one that is not is no error, and is left as it is.
    func resume(_ program: String) throws(RuntimeError)
}
