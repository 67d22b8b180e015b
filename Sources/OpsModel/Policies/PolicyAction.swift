/// What a rule wants to become of an action, from the least strict to the strictest.
public enum PolicyAction: String, Codable, CaseIterable, Hashable, Sendable {
    /// Nothing speaks against it; whoever may decide without this rule still decides.
    case allow
    /// A person decides.
    case requireApproval = "require_approval"
    /// It is recorded, and nothing is carried out.
    case simulate
    /// It is refused.
    case block
}

extension PolicyAction: Comparable {
    /// The less strict sorts before the stricter.
    public static func < (left: PolicyAction, right: PolicyAction) -> Bool { left.strictness < right.strictness }

    private var strictness: Int {
        switch self {
        case .allow: 0
        case .requireApproval: 1
        case .simulate: 2
        case .block: 3
        }
    }
}
