import OpsModel

extension Approval {
    /// Whether somebody can still decide it.
    func isOpen(at now: Timestamp) -> Bool { state == .pending && expiresAt > now }

    /// Where it stands, in words for a person.
    func standing(at now: Timestamp) -> String {
        let people = decidedBy.isEmpty ? "" : " by \(decidedBy.joined(separator: ", "))"
        let moment = decidedAt.map { " at \($0)" } ?? ""
        switch state {
        case .pending where expiresAt > now && !votes.isEmpty:
            return
                "waiting for others, \(votes.count) yes so far, expires in \(seconds(expiresAt - now)), at \(expiresAt)"
        case .pending where expiresAt > now: return "waiting, expires in \(seconds(expiresAt - now)), at \(expiresAt)"
        case .pending, .expired:
            return "expired: \(votes.isEmpty ? "nobody" : "not everybody who was needed") answered in time"
        case .approved: return "approved, option \(option ?? 1),\(people)\(isAttested ? " in a browser" : "")\(moment)"
        case .denied: return "denied\(people)\(moment)"
        case .superseded: return "superseded: it was not needed any more"
        case .revoked: return "approved\(people), and taken back"
        }
    }
}
