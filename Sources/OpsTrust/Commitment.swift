/// A promise about something that is opened later: published before a run, checked by anybody after it.
public struct Commitment: Hashable, Sendable {
    /// What is published: the digest in hexadecimal digits.
    public let digest: String
    /// What is kept until the opening, so that the few possible scenarios cannot be tried out.
    public let nonce: String

    /// Commits to a scenario and a seed under a nonce of 128 random bits.
    public init(scenario: String, seed: UInt64) {
        self.init(scenario: scenario, seed: seed, nonce: Hex.encode(randomBytes(16)))
    }

    /// Recomputes a commitment from what was opened.
    public init(scenario: String, seed: UInt64, nonce: String) {
        self.nonce = nonce
        digest = AuditLink.hash(previous: "opslab/commitment/1", sequence: 0, fields: [scenario, String(seed), nonce])
    }

    /// Whether an opened scenario and seed are those that were promised.
    public static func opens(_ digest: String, scenario: String, seed: UInt64, nonce: String) -> Bool {
        Commitment(scenario: scenario, seed: seed, nonce: nonce).digest == digest
    }
}
