import OpsTrust

/// Who is signed in, by the hash of what their browsers keep.
struct SignInTable: Sendable {
    /// How many there may be; the one that ends first makes room for a new one.
    var limit = 64
    private var signIns: [Digest: SignIn] = [:]

    /// Remembers a sign-in, and gives back what its browser is to keep.
    mutating func open(_ signIn: SignIn, at now: ContinuousClock.Instant) -> String {
        signIns = signIns.filter { now < $0.value.endsAt }
        if signIns.count >= limit, let first = signIns.min(by: { $0.value.endsAt < $1.value.endsAt })?.key {
            signIns[first] = nil
        }
        let secret = Base64URL.encode(randomBytes(32))
        signIns[Digest.sha256(secret)] = signIn
        return secret
    }

    /// The sign-in of whoever brings this; nil when it is unknown or over.
    func find(_ secret: String, at now: ContinuousClock.Instant) -> SignIn? {
        signIns[Digest.sha256(secret)].flatMap { now < $0.endsAt ? $0 : nil }
    }

    mutating func close(_ secret: String) { signIns[Digest.sha256(secret)] = nil }
}
