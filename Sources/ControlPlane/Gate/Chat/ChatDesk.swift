import OpsHTTP
import OpsModel
import OpsService
import OpsTrust

/// Where presses of a chat's buttons become decisions: a yes where ActionPlane takes the gate's word for it, a no always.
struct ChatDesk: Sendable {
    var people: PeopleDesk
    var configuration: ChatConfiguration
    var logger: Logger

    /// What the person is told; the same again for the same press.
    func decide(_ callback: SlackCallback) async throws -> String {
        let value = callback.value
        guard let person = configuration.people[callback.user],
            try people.inspection().trust.ring.knows(person, at: .now())
        else {
            logger.warning("chat user refused", ["chat.user": .string(String(callback.user.prefix(64)))])
            return "You are not known to this lab, so nothing was decided. Somebody who runs it has to write you down."
        }
        do {
            let detail = try await people.approval(value.approval)
            guard detail.shownDigest.hasPrefix(value.digest) else {
                return "\(value.approval) is not what this message showed. Nothing was decided: look at it again."
            }
            return try await decide(callback.verb, value, by: person)
        } catch let refusal as GateRefusal {
            return try await explain(refusal, callback, by: person)
        }
    }

    private func decide(
        _ verb: SlackCallback.Verb,
        _ value: SlackCallback.Value,
        by person: String
    ) async throws -> String {
        let after =
            switch verb {
            case .approve: try await people.attest(value.approval, option: value.option, by: person)
            case .reject:
                try await people.deny(
                    value.approval,
                    ApprovalDecision(reason: "rejected in chat by \(person)"),
                    by: person
                )
            }
        return Self.words(after, value, person)
    }

    /// A press that comes again is answered as it was, as long as nothing else has been decided since.
    private func explain(
        _ refusal: GateRefusal,
        _ callback: SlackCallback,
        by person: String
    ) async throws -> String {
        let value = callback.value
        switch refusal.code {
        case .alreadyVoted, .approvalDecided:
            let approval = try await people.approval(value.approval).approval
            if Self.isAnswered(callback.verb, value, person, approval) { return Self.words(approval, value, person) }
        case .optionRefused where callback.verb == .approve:
            guard try await isAttestable(value) else {
                return "A yes to option \(value.option) has to be signed with your own key. On your machine: "
                    + "opslab approve \(value.approval) --option \(value.option)"
            }
        default: break
        }
        return "Nothing was decided: \(refusal.message)" + (refusal.hint.map { " (\($0))" } ?? "")
    }

    private func isAttestable(_ value: SlackCallback.Value) async throws -> Bool {
        try people.attestable(try await people.approval(value.approval)).contains(value.option)
    }

    private static func isAnswered(
        _ verb: SlackCallback.Verb,
        _ value: SlackCallback.Value,
        _ person: String,
        _ approval: Approval
    ) -> Bool {
        switch verb {
        case .reject: approval.state == .denied && approval.decidedBy == [person]
        case .approve:
            [.pending, .approved].contains(approval.state)
                && approval.votes.contains { $0.person == person && $0.option == value.option }
        }
    }

    private static func words(_ approval: Approval, _ value: SlackCallback.Value, _ person: String) -> String {
        switch approval.state {
        case .denied: "\(approval.id) was rejected by \(person)."
        case .pending: "\(person) said yes to option \(value.option) of \(approval.id); it waits for others."
        default: "\(person) approved option \(value.option) of \(approval.id), attested by the gate."
        }
    }
}
