import OpsHTTP
import OpsTrust

/// One browser of one person, from the sign-in to its end.
struct SignIn: Sendable {
    /// The longest it lasts, used or not.
    static let life: Duration = .seconds(900)

    /// Whom the key belongs to.
    let person: Principal
    /// What finds the key again, so that a sign-in ends with it; the key itself is not kept.
    let keyPrefix: String
    let keyHash: Digest
    let endsAt: ContinuousClock.Instant
    /// Seals the forms that this browser is shown, and no other's.
    let seal = FormSeal()
}
