import GateClient
import OpsHTTP
import OpsModel
import OpsRuntime

/// An agent whose part the referee plays, with the same four calls and the same key as everybody's.
protocol PlayedAgent: Sendable {
    /// Its name in reports.
    var name: String { get }
    /// Whether it looks at incidents at all.
    var isAtWork: Bool { get }

    /// Whether it waits already before anything is broken.
    var isThereBefore: Bool { get }
    /// What it wrote for its maker to read.
    var remarks: String { get }

    /// Does all that it ever does in a run.
    func work(in lab: RefereeLab) async throws
    /// Does all that it ever does about one incident.
    func work(with hands: AgentHands) async throws
}

extension PlayedAgent {
    var isAtWork: Bool { true }
    var isThereBefore: Bool { false }
    var remarks: String { "" }

    func work(in lab: RefereeLab) async throws {
        guard isAtWork, let hands = try await AgentHands.firstIncident(in: lab, as: name) else { return }
        try await work(with: hands)
    }

    /// Waits for the page and works; the run hears when it is over, and why when it could not go on.
    func start(in lab: RefereeLab, for run: ScenarioRun) -> Task<Void, Never> {
        Task {
            do {
                try await work(in: lab)
                await run.playedAgentEnded(nil)
            } catch {
                guard !Task.isCancelled else { return }  // the run says what that means
                await run.playedAgentEnded("\(error)")
            }
        }
    }
}

/// The four calls about one incident, as an agent makes them that has made up its mind before it looks.
struct AgentHands: Sendable {
    let incident: AgentIncident
    private let client: IncidentClient
    /// What it cites: a proposal has to rest on something that was read.
    private let evidence: [String]

    /// Waits for the first incident that nobody works on, and looks once; nil when the run is over before there is one.
    static func firstIncident(in lab: RefereeLab, as name: String) async throws -> AgentHands? {
        guard let (incident, client) = try await claim(in: lab, as: name) else { return nil }
        let reply = try await client.read(ReadRequest(reads: [ReadQuery(read: "change.recent")]))
        return AgentHands(incident: incident, client: client, evidence: reply.answers.compactMap(\.evidence))
    }

    /// Waits for the first incident that nobody works on, and claims it; nil when the run is over before there is one.
    static func claim(
        in lab: RefereeLab,
        as name: String
    ) async throws -> (incident: AgentIncident, client: IncidentClient)? {
        while !Task.isCancelled {
            if let claimed = try await claimNext(in: lab, as: name, waiting: 5) { return claimed }
        }
        return nil
    }

    /// Claims an incident that nobody works on; nil when none came within so many seconds, or the gate is away for a moment.
    static func claimNext(
        in lab: RefereeLab,
        as name: String,
        waiting: Int
    ) async throws -> (incident: AgentIncident, client: IncidentClient)? {
        let key = try RefereeLab.secret(lab.lab.layout.secret("key-agent"))
        let base = lab.record.ports.url(.gate)
        let host = AgentHostClient(ServiceClient(base: base, key: key, http: lab.lab.http))
        do {
            guard let opened = try await host.unclaimed(waiting: waiting).first else { return nil }
            let claim = try await host.claim(opened.id, as: AgentClaim(agent: name, version: "1"))
            let service = ServiceClient(base: base, key: claim.key, http: lab.lab.http)
            return (claim.incident, IncidentClient(service, incident: opened.id))
        } catch let refusal as RemoteError where [404, 409, 429, 503].contains(refusal.status) {
            // It ended meanwhile, or a part of the lab starts anew.
        } catch is HTTPClientError {}
        try await Task.sleep(for: .milliseconds(200))
        return nil
    }

    func diagnose(_ cause: Cause, because statement: String) async throws {
        try await client.diagnose(
            Diagnosis(
                component: cause.component,
                mechanism: cause.mechanism,
                confidence: .high,
                statement: statement,
                evidence: evidence
            )
        )
    }

    /// Proposes one option and waits until nothing more becomes of it, or until it is done where nothing follows.
    func propose(_ option: ProposedOption, isLast: Bool) async throws -> ProposalOutcome {
        let proposal = Proposal(summary: option.title, options: [option], evidence: evidence)
        let receipt = try await client.propose(proposal)
        while true {
            try Task.checkCancellation()
            let outcome = try await client.outcome(of: receipt.proposal, waiting: 5)
            if !outcome.state.isMoving || outcome.state == .verifying && isLast { return outcome }
        }
    }

    func escalate(_ reason: String, _ cause: Cause) async throws {
        try await client.escalate(
            Escalation(reason: reason, component: cause.component, mechanism: cause.mechanism, evidence: evidence)
        )
    }
}
