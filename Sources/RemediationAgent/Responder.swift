public import OpsModel
public import OpsService

/// Works one incident from its first look to its end: carries out what ``ResponseStateMachine`` decides.
public struct Responder: Sendable {
    private let gate: any IncidentGate
    private let logger: Logger
    private let patience: ResponseStateMachine.Patience
    /// Questions in one round trip.
    private static let batch = 64

    /// A responder that speaks to one gate.
    public init(
        gate: any IncidentGate,
        logger: Logger,
        patience: ResponseStateMachine.Patience = ResponseStateMachine.Patience()
    ) {
        self.gate = gate
        self.logger = logger
        self.patience = patience
    }

    /// Works the incident and gives the reason why it ended.
    ///
    /// - Throws: What the gate throws, when it does not answer any more; a cancelled task ends between two steps.
    public func respond(to incident: AgentIncident) async throws -> String {
        var machine = ResponseStateMachine(incident: incident, patience: patience, now: Timestamp.now())
        var step = machine.start()
        while true {
            try Task.checkCancellation()
            if case .finish(let reason) = step { return reason }
            step = machine.on(try await carryOut(step))
        }
    }

    private func carryOut(_ step: ResponseStateMachine.Step) async throws -> ResponseStateMachine.Event {
        switch step {
        case .read(let questions): return .answers(try await read(questions))
        case .pause(let milliseconds):
            try await Task.sleep(for: .milliseconds(milliseconds))
            return .incident(try await gate.incident())
        case .diagnose(let diagnosis):
            logger.info(
                "diagnosis",
                ["component": .string(diagnosis.component), "mechanism": .string(diagnosis.mechanism)]
            )
            try await gate.diagnose(Brevity.cut(diagnosis))
            return .recorded
        case .propose(let proposal):
            let actions = proposal.options.first?.steps.map { JSONValue.string($0.action) } ?? []
            logger.info("proposal", ["actions": .array(actions)])
            return .receipt(try await gate.propose(Brevity.cut(proposal)))
        case .wait(let proposal): return .outcome(try await gate.outcome(of: proposal, wait: 20))
        case .escalate(let escalation):
            logger.info("escalation", ["reason": .string(escalation.reason)])
            try await gate.escalate(Brevity.cut(escalation))
            return .recorded
        case .finish: return .recorded
        }
    }

    private func read(_ questions: [ReadQuery]) async throws -> [ReadAnswer] {
        var answers: [ReadAnswer] = []
        var rest = questions[...]
        while !rest.isEmpty {
            answers += try await gate.read(Array(rest.prefix(Self.batch)))
            rest = rest.dropFirst(Self.batch)
        }
        return answers
    }
}
