import OpsTrust

/// Ties a form to whom it was shown, and to what it showed.
struct FormSeal: Sendable {
    private let key = randomBytes(32)

    /// The text that a form has to bring back.
    func token(_ parts: [String]) -> String { digest(parts).hex }

    /// Whether a form brought back what it was given for the same things; takes the same time for every wrong text.
    func accepts(_ token: String, _ parts: [String]) -> Bool { Digest(hex: token) == digest(parts) }

    /// Each part is preceded by its length, so that text cannot move from one into the next.
    private func digest(_ parts: [String]) -> Digest {
        let message = parts.map { "\($0.utf8.count):\($0)" }.joined()
        return Digest.hmac(Array("opslab/form/1\0\(message)".utf8), key: key)
    }
}
