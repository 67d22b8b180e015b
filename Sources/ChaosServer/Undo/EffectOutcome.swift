/// How the undo of one effect ended.
enum EffectOutcome: Hashable, Sendable {
    /// Ours was there and has been taken away.
    case reverted
    /// Nothing of ours was there.
    case alreadyClean
    /// Somebody else has changed it since; it was left alone.
    case superseded(seen: Fingerprint)
    /// It could not be read or reached yet.
    case pending(waitsFor: String)
    /// Putting it back failed; `remedy` says what a person can do.
    case failed(remedy: String)

    /// The word that reports count.
    var word: String {
        switch self {
        case .reverted: "reverted"
        case .alreadyClean: "already-clean"
        case .superseded: "superseded"
        case .pending: "pending"
        case .failed: "failed"
        }
    }

    /// What is being waited for or what a person has to do.
    var explanation: String? {
        switch self {
        case .reverted, .alreadyClean: nil
        case .superseded(let seen): "found \(seen.rawValue)"
        case .pending(let waitsFor): waitsFor
        case .failed(let remedy): remedy
        }
    }
}
