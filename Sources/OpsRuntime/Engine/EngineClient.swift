public import OpsHTTP
import OpsModel

/// Starts and stops the containers of one lab by their exact names, over an engine's unix socket.
public struct EngineClient: ProgramControl {
    private let socket: String
    private let prefix: String
    private let http: HTTPClient
    private let limit: Duration
    /// Which containers there are; an engine's own list would show what is not ours, and the proxies refuse it.
    private let names: [String]

    /// A client for the containers whose names begin with a prefix; `names` are the programs that there may be.
    public init(
        socket: String,
        prefix: String,
        names: [String] = [],
        http: HTTPClient,
        within limit: Duration = .seconds(15)
    ) {
        self.socket = socket
        self.prefix = prefix
        self.names = names
        self.http = http
        self.limit = limit
    }

    /// Those that have a container.
    public func programs() async throws(RuntimeError) -> [ProgramState] {
        var found: [ProgramState] = []
        for name in names {
            do { found.append(try await state(of: name)) } catch  where error.code == .unknownProgram { continue }
        }
        return found
    }

    /// One program's container.
    ///
    /// - Throws: `unknown_program` when there is none of this name.
    public func state(of program: String) async throws(RuntimeError) -> ProgramState {
        let answer = try await call(.state(of: prefix + program))
        guard let state = ProgramState(container: answer, name: program) else {
            throw RuntimeError(.supervisorRefused, "the engine's answer about \(program) makes no sense")
        }
        return state
    }

    /// Starts a container; one that runs already is no error.
    public func start(_ program: String) async throws(RuntimeError) { _ = try await call(.start(prefix + program)) }

    /// Stops a container and waits for its end; one that does not run is no error.
    public func stop(_ program: String) async throws(RuntimeError) { _ = try await call(.stop(prefix + program)) }

    /// Lets a container go on that is paused; one that is not is no error.
    public func resume(_ program: String) async throws(RuntimeError) {
        // An engine refuses what is not paused with a status that it also has for what went wrong: the state decides.
        do { _ = try await call(.resume(prefix + program)) } catch {
            guard error.code == .supervisorRefused, try await !state(of: program).isPaused else { throw error }
        }
    }

    /// What a container has used up since its start, and holds now.
    public func usage(of program: String) async throws(RuntimeError) -> ContainerUsage {
        guard let usage = ContainerUsage(try await call(.usage(of: prefix + program))) else {
            throw RuntimeError(.supervisorRefused, "the engine's figures about \(program) make no sense")
        }
        return usage
    }

    /// The last lines that a container itself wrote; what its program writes goes to a file of the lab.
    func output(of program: String, last count: Int) async throws(RuntimeError) -> [String] {
        let order = EngineOrder.output(of: prefix + program, last: count)
        let response = try await send(order)
        guard response.status == 200 else {
            _ = try order.value(status: response.status, body: response.text)
            return []
        }
        return ContainerOutput.lines(response.body)
    }

    /// The processes of a container, by their numbers outside it; only for whoever may ask the engine itself.
    public func processes(of program: String) async throws(RuntimeError) -> [(pid: Int32, command: String)] {
        let answer = try await call(.processes(of: prefix + program))
        return (answer?["Processes"]?.arrayValue ?? []).compactMap { row in
            guard let pid = row[0]?.stringValue.flatMap(Int32.init), let command = row[1]?.stringValue else {
                return nil
            }
            return (pid, command)
        }
    }

    /// Knows what happens to the containers of this lab from now on; only for whoever may ask the engine itself.
    public func watch() async throws(RuntimeError) -> EventWatch {
        let programs = names.map { (prefix + $0, $0) }
        return try await EventWatch(self, Dictionary(programs) { first, _ in first })
    }

    /// What happened in the engine over a span that is over, as far as it remembers.
    func events(since start: Int, until end: Int) async throws(RuntimeError) -> [EngineEvent] {
        let order = EngineOrder.events(since: start, until: end)
        let response = try await send(order)
        guard response.status == 200 else {
            _ = try order.value(status: response.status, body: response.text)
            return []
        }
        return response.text.split(separator: "\n").compactMap { EngineEvent(line: $0) }
    }

    /// What happened in the engine since a moment, as far as it remembers, and what happens from now on, a line each.
    func happenings(since start: Int) -> AsyncThrowingStream<String, any Error> {
        http.lines(request(.events(since: start), within: nil))
    }

    /// Whether the engine answers at all.
    public func answers() async -> Bool {
        do {
            _ = try await call(EngineOrder(isQuestion: true, path: "/_ping"))
            return true
        } catch {
            return false  // no answer is the answer
        }
    }

    /// What an image starts by itself.
    ///
    /// - Throws: `unknown_program` when the engine has no such image.
    func entry(of image: String) async throws(RuntimeError) -> ApplicationPlan.Entry {
        let answer: JSONValue?
        do { answer = try await call(EngineOrder(isQuestion: true, path: "/images/\(image)/json")) } catch
            where error.code == .unknownProgram
        {
            throw RuntimeError(
                .unknownProgram,
                "the engine has no image \(image)",
                hint: "`docker pull` it, or build it with `docker compose build`"
            )
        }
        func words(_ key: String) -> [String] {
            (answer?["Config"]?[key]?.arrayValue ?? []).compactMap(\.stringValue)
        }
        return ApplicationPlan.Entry(entrypoint: words("Entrypoint"), command: words("Cmd"))
    }

    private func call(_ order: EngineOrder) async throws(RuntimeError) -> JSONValue? {
        let response = try await send(order)
        return try order.value(status: response.status, body: response.text)
    }

    private func send(_ order: EngineOrder) async throws(RuntimeError) -> HTTPClientResponse {
        do { return try await http.send(request(order, within: limit)) } catch {
            throw RuntimeError.engineSilent(socket, error.message)
        }
    }

    private func request(_ order: EngineOrder, within limit: Duration?) -> HTTPClientRequest {
        HTTPClientRequest(
            method: order.isQuestion ? .get : .post,
            url: "http://engine\(order.path)",
            headers: order.body.isEmpty ? [:] : ["Content-Type": "application/json"],
            body: order.body,
            timeout: limit,
            unixSocket: socket,
            retries: 0
        )
    }
}

extension RuntimeError {
    static func engineSilent(_ socket: String, _ reason: String) -> RuntimeError {
        RuntimeError(
            .supervisorUnreachable,
            "the container engine at \(socket) does not answer: \(reason)",
            hint: "`opslab doctor --runtime compose` looks at it"
        )
    }
}
