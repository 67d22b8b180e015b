import OpsModel
import OpsTrust

extension ApprovalOption {
    /// Writes into the bytes to sign how many people have to sign them and who may not, so that ActionPlane reads it there.
    mutating func seal() {
        for index in steps.indices {
            guard let bytes = Base64URL.decode(steps[index].payload),
                var payload = try? OpsJSON.decode(GrantPayload.self, from: bytes)  // what is unreadable nobody can sign
            else { continue }
            payload.quorum = quorum > 1 ? quorum : nil
            payload.barred = barred.isEmpty ? nil : barred
            guard let sealed = try? OpsJSON.encode(payload) else { continue }  // what was read can be written
            steps[index].payload = Base64URL.encode(sealed)
        }
        digest = Self.digest(of: steps)
    }

    /// What identifies the bytes of all steps together.
    static func digest(of steps: [ApprovalStep]) -> String {
        Digest.sha256(steps.map(\.payload).joined(separator: "\n")).hex
    }

    /// Whether the bytes to sign say what is shown of how many sign and who may not.
    func saysAsShown(_ payload: GrantPayload) -> Bool {
        payload.people == quorum && payload.barred ?? [] == barred
    }
}
