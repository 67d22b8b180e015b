import AgentOps
import GateClient
import OpsHTTP
import OpsModel
import OpsService
import RemediationAgent

/// Waits for incidents, claims them, and lets the agent work each in a task of its own.
struct AgentHost: Service {
    static let version = "0.1.0"
    let configuration: AgentConfiguration
    let client: AgentHostClient
    let recorder: Recorder
    let logger: Logger

    func run() async throws {
        await withDiscardingTaskGroup { group in
            let slots = Slots(configuration.incidents)
            while !Task.isCancelled {
                await slots.take()
                guard let claimed = await next() else { break }
                group.addTask {
                    await work(claimed)
                    await slots.give()
                }
            }
            group.cancelAll()
        }
    }

    /// The next incident that could be claimed; nil when the process is to stop.
    ///
    /// A gate that is away is waited for.
    private func next() async -> ClaimedIncident? {
        var pause = Duration.milliseconds(200)
        while !Task.isCancelled {
            do {
                for incident in try await client.unclaimed(waiting: 10) {
                    if let claimed = try await claim(incident.id) { return claimed }
                }
                pause = .milliseconds(200)
            } catch {
                if Task.isCancelled { return nil }
                logger.debug("gate does not answer", ["error": .string("\(error)")])
                try? await Task.sleep(for: pause)  // cancelled: the loop's condition ends it
                pause = min(pause * 2, .seconds(3))
            }
        }
        return nil
    }

    /// Nil when somebody else was faster, or it ended; the next poll shows what is left.
    ///
    /// Any other error leaves it where it is, to be asked for again after a pause.
    private func claim(_ incident: String) async throws -> ClaimedIncident? {
        do {
            let claim = AgentClaim(agent: configuration.name, version: Self.version)
            return try await client.claim(incident, as: claim)
        } catch let refusal as RemoteError where refusal.status == 409 || refusal.status == 404 {
            logger.debug("not claimed", ["incident": .string(incident), "error": .string("\(refusal)")])
            return nil
        }
    }

    private func work(_ claimed: ClaimedIncident) async {
        let log = logger.with(["incident": .string(claimed.incident.id)])
        let service = ServiceClient(base: configuration.gate, key: claimed.key)
        let id = claimed.incident.id
        let gate = RecordedGate(
            gate: GateIncident(client: IncidentClient(service, incident: id)),
            recorder: recorder,
            id: id
        )
        log.info("incident claimed", ["pages": .int(claimed.incident.pages.count)])
        do {
            let reason = try await Responder(gate: gate, logger: log).respond(to: claimed.incident)
            log.info("incident left", ["reason": .string(reason)])
        } catch let lapse as RemoteError where lapse.code == "claim_lapsed" {
            // Silent for too long; it is among the unclaimed again, for whoever asks first.
            log.warning("claim lapsed", ["error": .string("\(lapse)")])
        } catch let pause as RemoteError where pause.code == "agent_paused" {
            log.warning("paused", ["error": .string("\(pause)")])
            await handOver(gate, because: "this agent has been paused, and may not act on what it found")
        } catch {
            log.warning("incident given up", ["error": .string("\(error)")])
            await giveUp(gate, error)
        }
    }

    /// An agent that cannot go on says so, if the gate still listens.
    private func giveUp(_ gate: any IncidentGate, _ error: any Error) async {
        guard !(error is CancellationError) else { return }
        await handOver(gate, because: "the agent could not go on: \("\(error)".prefix(500))")
    }

    private func handOver(_ gate: any IncidentGate, because reason: String) async {
        do {
            try await gate.escalate(Escalation(reason: reason))
        } catch {
            logger.warning("hand-over refused", ["error": .string("\(error)")])
        }
    }
}

/// Bounds how many incidents are worked on at once.
private actor Slots {
    private var free: Int
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(_ free: Int) { self.free = free }

    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiters.append($0) }
        }
    }

    func give() {
        if waiters.isEmpty { free += 1 } else { waiters.removeFirst().resume() }
    }
}
