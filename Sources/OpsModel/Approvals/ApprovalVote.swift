/// One person's yes to one option.
public struct ApprovalVote: Codable, Hashable, Sendable {
    /// Who said it.
    public var person: String
    /// The person behind that name; two names of one root are one vote.
    public var root: String
    /// The number of the option, from 1.
    public var option: Int
    /// The id of the key that signed it: the person's own, or the gate's where it stands for them.
    public var keyID: String
    /// When the gate took it.
    public var at: Timestamp
    /// Whether the gate's word stands for it.
    public var isAttested: Bool

    /// Puts the parts together as given.
    public init(person: String, root: String, option: Int, keyID: String, at: Timestamp, isAttested: Bool = false) {
        self.person = person
        self.root = root
        self.option = option
        self.keyID = keyID
        self.at = at
        self.isAttested = isAttested
    }

    private enum CodingKeys: String, CodingKey {
        case person, root, option, at
        case keyID = "kid"
        case isAttested = "attested"
    }
}
