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

    /// Starts the program anew where its namespace is no longer the instance's, or where it is not there at all.
    ///
    /// - Throws: `target_unavailable` while the instance itself is down: it has no namespace then.
    func followInstance(within limit: Duration) throws(ChaosError) {
        if try self.state()?.isCurrent == true { return }
        let control = TargetSupervisor(self.place.supervisor)
        guard try control.state(of: self.place.instance).phase == .running else {
            throw ChaosError(.targetUnavailable, "\(self.place.instance) is down", hint: "it has no network now")
        }
        try control.stop(self.place.program)
        try control.start(self.place.program)
        let end = BootClock.now() + limit.nanoseconds
        while BootClock.now() < end {
            if try self.state()?.isCurrent == true { return }
            _ = Descriptors.ready([], milliseconds: 20)
        }
        throw ChaosError(
            .targetUnavailable,
            "the way out of \(self.place.instance) cannot be reached",
            hint: "the log of \(self.place.program) says why"
        )
    }

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
            throw ChaosError(.notApplied, text?["error"]?.stringValue ?? "\(self.place.program) answers nothing known")
        }
        guard let state = text?["data"].flatMap({ try? $0.decoded(as: LinkState.self) }) else {
            throw ChaosError(.notApplied, "the answer of \(self.place.program) makes no sense")
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
    /// The program in its network namespace.
    var program: String
    /// Where that one listens.
    var socket: String
}
