import OpsModel
import OpsRuntime
import OpsSystem

/// Asks the program in an instance's network namespace, and sees to it that it is in the one that the instance has now.
struct LinkClient: Sendable {
    private static let limit: Duration = .seconds(5)

    let place: LinkPlace

    /// Nil when nobody answers there.
    func state() throws(ChaosError) -> LinkState? {
        try self.ask { () throws(SystemError) in try self.exchange.get("/ways") }
    }

    func close(_ closing: LinkClosing) throws(ChaosError) -> LinkState? { try self.tell("/close", closing) }

    /// From now on nothing is closed under this token any more, whatever is still on its way there.
    func fence(_ token: String) throws(ChaosError) -> LinkState? { try self.tell("/fence", LinkToken(token: token)) }

    func open(_ token: String) throws(ChaosError) -> LinkState? { try self.tell("/open", LinkToken(token: token)) }

    /// Sees to it that the program is in the namespace that the instance has now.
    ///
    /// Starts it anew where it is not, and waits for it; where somebody else starts it, it only waits.
    ///
    /// - Throws: `target_unavailable` while the instance itself is down: it has no namespace then.
    func followInstance(within limit: Duration) throws(ChaosError) {
        if try self.state()?.isCurrent == true { return }
        if let program = self.place.program { try self.startAnew(program) }
        let end = BootClock.now() + limit.nanoseconds
        while BootClock.now() < end {
            if try self.state()?.isCurrent == true { return }
            _ = Descriptors.ready([], milliseconds: 20)
        }
        throw ChaosError(
            .targetUnavailable,
            "the way out of \(self.place.instance) cannot be reached",
            hint: "the log of \(self.name) says why"
        )
    }

    private func startAnew(_ program: String) throws(ChaosError) {
        let control = TargetSupervisor(self.place.supervisor)
        guard try control.state(of: self.place.instance).phase == .running else {
            throw ChaosError(.targetUnavailable, "\(self.place.instance) is down", hint: "it has no network now")
        }
        try control.stop(program)
        try control.start(program)
    }

    private var name: String { self.place.program ?? "the program at \(self.place.socket)" }

    /// Whether nobody listens at all, which is not the same as to answer nothing.
    var isAbsent: Bool { (try? FileDescriptor(connectingTo: self.place.socket)) == nil }

    private var exchange: BlockingExchange { BlockingExchange(socket: self.place.socket, limit: Self.limit) }

    private func tell(_ path: String, _ value: some Encodable) throws(ChaosError) -> LinkState? {
        let body: [UInt8]
        do { body = try OpsJSON.encode(value) } catch { throw ChaosError(.protocolBroken, "\(error)") }
        return try self.ask { () throws(SystemError) in
            try self.exchange.post(path, body, type: "application/json")
        }
    }

    private func ask(
        _ body: () throws(SystemError) -> BlockingExchange.Answer
    ) throws(ChaosError) -> LinkState? {
        guard let answer = try? body() else { return nil }  // nobody there is an answer
        let text = try? OpsJSON.decode(JSONValue.self, from: answer.body.utf8)
        guard answer.status == 200 else {
            let message = text?["error"]?.stringValue ?? "\(self.name) answers nothing known"
            throw ChaosError(answer.status == 501 ? .unsupported : .notApplied, message)
        }
        guard let state = text?["data"].flatMap({ try? $0.decoded(as: LinkState.self) }) else {
            throw ChaosError(.notApplied, "the answer of \(self.name) makes no sense")
        }
        return state
    }
}

/// Where the ways out of one instance are closed.
struct LinkPlace: Codable, Hashable, Sendable {
    /// How the target's programs are controlled.
    var supervisor: String
    /// The instance's own program.
    var instance: String
    /// The program in its network namespace; nil where it is not the target's supervisor that starts it.
    var program: String?
    /// Where that one listens.
    var socket: String
}
