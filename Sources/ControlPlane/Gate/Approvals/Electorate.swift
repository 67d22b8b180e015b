import OpsModel
import OpsTrust

/// Whose yes counts beside whose: which names are one person, who started the lab, and what was signed before.
struct Electorate: Sendable {
    /// The accepted keys; a person is known by one of them.
    var ring = KeyRing()
    /// Who started the lab; nil while nobody knows.
    var startedBy: String?
    /// Whether what somebody signed earlier would still be taken now.
    var stands: @Sendable (Ballot, ApprovalOption) -> Bool = { _, _ in true }

    func root(of name: String) -> String { ring.root(of: name) }

    /// Refuses whoever may not say yes to an option: one who is barred, and one who cannot be told from others.
    ///
    /// `isFourEyes` is whether the rules of this moment bar whoever started the lab, those of then aside.
    func admit(
        _ person: String,
        to option: ApprovalOption,
        of approval: Approval,
        isFourEyes: Bool,
        at now: Timestamp
    ) throws(GateRefusal) {
        let isWatched = isFourEyes || !option.barred.isEmpty
        guard isWatched || option.quorum > 1 else { return }
        guard ring.knows(person, at: now) else {
            throw GateRefusal(
                .approverNotAllowed,
                "\(person) is a key that people may share, and option \(option.number) of \(approval.id) needs single people",
                hint: "opslab approve \(approval.id) --option \(option.number) signs with a person's own key"
            )
        }
        guard isWatched else { return }
        guard let startedBy = startedBy ?? option.barred.first else {
            throw GateRefusal(
                .fourEyes,
                "four eyes are wanted, and nobody knows who started this lab",
                hint: "opslab up says so to the gate (setting started_by)"
            )
        }
        let barred = Set((option.barred + [startedBy, approval.requester]).map(ring.root))
        guard barred.contains(root(of: person)) else { return }
        throw GateRefusal(
            .fourEyes,
            "\(person) may not approve \(approval.id): four eyes, and \(root(of: person)) started this lab or asked",
            hint: "another person has to approve it, with a key of their own"
        )
    }
}
