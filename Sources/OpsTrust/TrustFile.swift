import OpsModel

/// The verifier's own file: whose signatures it accepts, and what each action needs at least.
///
/// Whoever may only ask cannot write this file; so a gate that was taken over can do no more than a person allowed
/// beforehand.
public struct TrustFile: Hashable, Sendable {
    /// The least authority that an action needs.
    public enum Authority: String, Hashable, Sendable, Codable {
        /// A grant that policy alone gave is enough.
        case policy
        /// A person must have decided, with their own key or by the gate's word that they did.
        case humanAttested = "human-attested"
        /// A person must have decided; a grant that the gate merely attests does not show that.
        case human
        /// A person must have signed with their own key.
        case humanSigned = "human-signed"
        /// Two different people must have decided.
        case twoHumans = "human x 2"
    }

    /// The accepted keys of gate and approvers.
    public var ring: KeyRing
    /// What an action needs that is not named in ``actions``.
    public var ceiling: Authority
    /// What single actions need.
    public var actions: [String: Authority]

    /// A file with these keys; whatever is not named needs a person.
    public init(ring: KeyRing, ceiling: Authority = .human, actions: [String: Authority] = [:]) {
        self.ring = ring
        self.ceiling = ceiling
        self.actions = actions
    }

    /// The least authority that this action needs.
    public func authority(for action: String) -> Authority { actions[action] ?? ceiling }

    /// How many different people have to decide this action at least.
    public func people(for action: String) -> Int { authority(for: action) == .twoHumans ? 2 : 1 }

    /// Whether the gate's word for a person is enough for this action.
    public func takesAttested(_ action: String) -> Bool { [.policy, .humanAttested].contains(authority(for: action)) }
}

extension TrustFile: Codable {
    private struct Key: Codable {
        var kid: String
        var publicKey: PublicKey
        var name: String?
        var mintedBy: String?
        var notBefore: Timestamp?
        var notAfter: Timestamp?

        enum CodingKeys: String, CodingKey {
            case kid, name
            case publicKey = "public"
            case mintedBy = "minted_by"
            case notBefore = "not_before"
            case notAfter = "not_after"
        }

        init(_ key: TrustedKey) {
            kid = key.id
            publicKey = key.publicKey
            name = key.name
            mintedBy = key.mintedBy
            notBefore = key.notBefore
            notAfter = key.notAfter
        }

        func trusted(_ role: TrustedKey.Role) -> TrustedKey {
            TrustedKey(
                name: name ?? role.rawValue,
                role: role,
                publicKey: publicKey,
                mintedBy: mintedBy,
                notBefore: notBefore,
                notAfter: notAfter
            )
        }
    }

    private struct Ceiling: Codable {
        var otherwise: Authority
        var actions: [String: Authority]?

        enum CodingKeys: String, CodingKey {
            case otherwise = "default"
            case actions
        }
    }

    private enum CodingKeys: String, CodingKey {
        case gate, approvers, ceiling
    }

    /// Reads the file; a key whose written id is not its own is an error.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let gate = try container.decodeIfPresent([Key].self, forKey: .gate) ?? []
        let approvers = try container.decodeIfPresent([Key].self, forKey: .approvers) ?? []
        guard (gate + approvers).allSatisfy({ $0.kid == $0.publicKey.id }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .gate,
                in: container,
                debugDescription: "a key's id is not that of the key beside it"
            )
        }
        let ceiling = try container.decodeIfPresent(Ceiling.self, forKey: .ceiling)
        self.init(
            ring: KeyRing(gate.map { $0.trusted(.gate) } + approvers.map { $0.trusted(.approver) }),
            ceiling: ceiling?.otherwise ?? .human,
            actions: ceiling?.actions ?? [:]
        )
    }

    /// Writes the members `gate`, `approvers` and `ceiling`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(ring.keys.filter { $0.role == .gate }.map(Key.init), forKey: .gate)
        try container.encode(ring.keys.filter { $0.role == .approver }.map(Key.init), forKey: .approvers)
        try container.encode(Ceiling(otherwise: ceiling, actions: actions), forKey: .ceiling)
    }
}
