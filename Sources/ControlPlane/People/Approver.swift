import OpsModel
import OpsSystem
import OpsTrust

/// A person with a key of their own, who signs what they approve.
struct Approver: Sendable {
    var name: String
    private let key: SigningKey

    /// Reads the key of a person from the people's directory.
    init(_ name: String, in people: String) throws {
        let path = "\(people)/\(name)/approver.key"
        guard FileSystem.exists(path) else {
            throw GateRefusal(
                .approvalInvalid,
                "there is no approver's key of \(name)",
                hint: "opslab keys new \(name), then opslab up again; or choose another with --as"
            )
        }
        self.name = name
        key = try SigningKey.read(from: path)
    }

    /// How long a signed grant is good, in milliseconds.
    static let lifetime = 60_000

    /// Signs every step of an option as it was shown.
    func grants(for option: ApprovalOption, at now: Timestamp) throws -> [String] {
        try option.steps.map { try grant($0, at: now) }
    }

    private func grant(_ step: ApprovalStep, at now: Timestamp) throws -> String {
        guard let bytes = Base64URL.decode(step.payload) else {
            throw GateRefusal(.grantInvalid, "the approval's payload cannot be read")
        }
        var payload = try OpsJSON.decode(GrantPayload.self, from: bytes)
        let milliseconds = Int(now.microseconds / 1_000)
        payload.kind = .human
        payload.grantID = Hex.encode(randomBytes(16))
        payload.decidedBy = [name]
        payload.issuedAt = milliseconds
        payload.notBefore = milliseconds
        payload.expiresAt = milliseconds + Self.lifetime
        return try Grant(payload, signedBy: key).text
    }
}
