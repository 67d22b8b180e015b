import OpsSystem

/// Starts and stops the target's processes by the names that the supervisor gives them.
protocol ProcessControl: Sendable {
    /// What runs under a name now.
    func status(of program: String) async throws(ActionError) -> ProgramStatus
    /// Starts what is not running; running already is no error.
    func start(_ program: String) async throws(ActionError)
    /// Stops what is running and waits for its end; not running is no error.
    ///
    /// What is held still goes on first, so that it can end in order.
    func stop(_ program: String) async throws(ActionError)
    /// Lets go on what is held still; what is not is no error, and is left as it is.
    func resume(_ program: String) async throws(ActionError)
}

/// What runs under a supervisor's name.
struct ProgramStatus: Hashable, Sendable {
    /// The supervisor's word for it, such as `RUNNING` or `EXITED`.
    var state: String
    /// The process; nil when none runs.
    var identity: ProcessIdentity?
    /// Whether it is held still, by a stop signal or by an engine.
    var isPaused = false

    var isRunning: Bool { identity != nil }
}
