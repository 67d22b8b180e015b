public import OpsHTTP

/// Talks to a supervisor over its unix socket.
///
/// A call never hangs: a supervisor that does not answer within the limit is an error. `start` and `stop` are not repeated by
/// themselves; ask for the state before trying again.
public struct SupervisorClient: ProgramControl {
    private let socket: String
    private let http: HTTPClient
    private let limit: Duration

    /// A client for the supervisor that listens on this socket.
    public init(socket: String, http: HTTPClient, within limit: Duration = .seconds(15)) {
        self.socket = socket
        self.http = http
        self.limit = limit
    }

    /// All programs in the supervisor's order.
    public func programs() async throws(RuntimeError) -> [ProgramState] {
        let answer = try await self.call(SupervisorOrder("getAllProcessInfo"))
        return (answer?.elements ?? []).compactMap(ProgramState.init)
    }

    /// One program.
    ///
    /// - Throws: `unknown_program` when the supervisor has none of this name.
    public func state(of program: String) async throws(RuntimeError) -> ProgramState {
        try ProgramState(try await self.call(.state(of: program)), about: program)
    }

    /// Starts a program, and returns before it is ready to serve; one that runs already is no error.
    public func start(_ program: String) async throws(RuntimeError) { _ = try await self.call(.start(program)) }

    /// Stops a program and waits for its end; one that does not run is no error.
    public func stop(_ program: String) async throws(RuntimeError) { _ = try await self.call(.stop(program)) }

    /// Lets a program go on whose process is stopped; the signal means nothing to one that is not.
    public func resume(_ program: String) async throws(RuntimeError) {
        do { try await self.signal(program, "CONT") } catch  where error.code == .notRunning { return }
    }

    /// Sends a signal by its name without `SIG`, such as `HUP`.
    public func signal(_ program: String, _ name: String) async throws(RuntimeError) {
        _ = try await self.call(.signal(program, name))
    }

    /// The supervisor's own process.
    public func processID() async throws(RuntimeError) -> Int32 {
        guard let pid = try await self.call(SupervisorOrder("getPID"))?.number else {
            throw RuntimeError(.supervisorRefused, "the supervisor does not tell its process")
        }
        return Int32(clamping: pid)
    }

    /// Asks the supervisor to stop everything, last started first, and to end.
    public func shutDown() async throws(RuntimeError) { _ = try await self.call(SupervisorOrder("shutdown")) }

    /// Whether somebody answers at all.
    public func answers() async -> Bool { (try? await self.processID()) != nil }  // no answer is the answer

    private func call(_ order: SupervisorOrder) async throws(RuntimeError) -> XMLRPCValue? {
        let request = HTTPClientRequest(
            method: .post,
            url: "http://localhost/RPC2",
            headers: ["Content-Type": "text/xml"],
            body: order.body,
            timeout: self.limit,
            unixSocket: self.socket
        )
        let response: HTTPClientResponse
        do { response = try await self.http.send(request) } catch {
            throw RuntimeError.silent(self.socket, error.message)
        }
        guard response.isSuccess else {
            throw RuntimeError(.supervisorRefused, "\(order.method): the supervisor answered \(response.status)")
        }
        return try order.value(of: response.text)
    }
}
