import OpsModel
import OpsTrust

extension GrantPayload {
    /// How long a grant is good that counts by itself, in milliseconds.
    static let lifetime = 60_000

    /// When a grant that is signed now ends: one that needs others waits for them as long as the question is open.
    func end(from now: Int, openUntil end: Timestamp?) -> Int {
        let open = end.map { Int($0.microseconds / 1_000) } ?? now
        return (people > 1 ? max(now, open) : now) + Self.lifetime
    }
}
