import OpsModel
import OpsTrust

/// A person's yes to one option, with a grant for each of its steps.
struct Yes: Sendable {
    var person: String
    var grants: [String]
    /// The key that signed them.
    var keyID: String
    /// Whether the gate signed in the person's place.
    var isAttested = false
}

extension ApprovalOption {
    /// Whether ActionPlane takes the gate's word for a person for each step.
    func isAttestable(under trust: TrustFile) -> Bool { steps.allSatisfy { trust.takesAttested($0.action) } }
}
