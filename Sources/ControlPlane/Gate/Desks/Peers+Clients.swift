import ActionClient
import ObserverClient
import OpsHTTP
import OpsModel
import OpsSystem

extension GateComposition {
    /// The other services behind their typed clients, each with its own key.
    static func peers(_ configuration: GateConfiguration, objectives: [String: Double]) throws -> Peers {
        let observer = ObserverClient(base: configuration.observer, key: try secret(configuration.observerKey))
        let action = ActionClient(base: configuration.action, key: try secret(configuration.actionKey))
        return Peers(
            read: { ReadReply(answers: try await observer.reads($0.reads)) },
            searchRunbooks: { try await observer.searchRunbooks($0, limit: $1) },
            runbook: { id in
                guard let document = try await observer.runbook(id) else { return .null }
                return try JSONValue(encoding: document)
            },
            view: { try await observer.view() },
            journeys: { since in
                let samples = try await observer.samples(since: since)
                return JourneyTally.statuses(samples, objectives: objectives, now: .now())
            },
            catalogue: { try await action.catalogue() },
            plan: { try await plan($0, $1, with: action) },
            act: { try await carryOut($0, with: action) }
        )
    }

    private static func plan(
        _ name: String,
        _ parameters: [String: JSONValue],
        with action: ActionClient
    ) async throws -> ActionPlan {
        do {
            let result = try await action.plan(name, parameters: parameters)
            return result.plan ?? ActionPlan(fingerprint: "", refusals: [result.message])
        } catch let refusal as RemoteError where refusal.status == 422 || refusal.status == 400 {
            throw GateRefusal(.proposalInvalid, "\(name): \(refusal.message)", hint: refusal.hint)
        }
    }

    /// A refusal is an end like any other; only an ActionPlane that gives no answer is asked again.
    private static func carryOut(_ command: OutboxCommand, with action: ActionClient) async throws -> ActionResult {
        do {
            return try await action.run(
                command.action,
                grant: command.grant,
                parameters: command.parameters,
                idempotencyKey: command.id
            )
        } catch let refusal as RemoteError where (400..<500).contains(refusal.status) && refusal.status != 429 {
            return ActionResult(
                run: command.id,
                action: command.action,
                parameters: command.parameters,
                state: .refused,
                message: refusal.message,
                startedAt: .now(),
                endedAt: .now()
            )
        }
    }

    /// The one line of a secret's file.
    static func secret(_ path: String) throws -> String {
        let text = String(decoding: try FileSystem.read(path, limit: 4_096), as: UTF8.self)
        return String(text.prefix { !$0.isNewline })
    }
}
