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

    /// Signs every step of an option as it was shown.
    ///
    /// What counts only together with others' holds until the question is over, and a minute more.
    func grants(for option: ApprovalOption, at now: Timestamp, openUntil end: Timestamp? = nil) throws -> [String] {
        try option.steps.map { try grant($0, of: option, at: now, end) }
    }

    private func grant(
        _ step: ApprovalStep,
        of option: ApprovalOption,
        at now: Timestamp,
        _ end: Timestamp?
    ) throws -> String {
        guard let bytes = Base64URL.decode(step.payload) else {
            throw GateRefusal(.grantInvalid, "the approval's payload cannot be read")
        }
        var payload = try OpsJSON.decode(GrantPayload.self, from: bytes)
        guard option.saysAsShown(payload) else {
            throw GateRefusal(
                .grantInvalid,
                "the bytes to sign say something else than what is shown of who has to sign"
            )
        }
        let milliseconds = Int(now.microseconds / 1_000)
        payload.kind = .human
        payload.grantID = Hex.encode(randomBytes(16))
        payload.decidedBy = [name]
        payload.issuedAt = milliseconds
        payload.notBefore = milliseconds
        payload.expiresAt = payload.end(from: milliseconds, openUntil: end)
        return try Grant(payload, signedBy: key).text
    }
}
