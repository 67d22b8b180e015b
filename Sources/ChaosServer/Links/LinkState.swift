/// What the program in an instance's network namespace says of the ways out.
struct LinkState: Codable, Hashable, Sendable {
    /// False once the namespace is no longer the instance's, which has a new one since it was started anew.
    var isCurrent: Bool
    /// What the kernel lets nothing out to.
    var closed: [LinkRules.Closed]

    private enum CodingKeys: String, CodingKey {
        case isCurrent = "current"
        case closed
    }
}

/// Asks for ways to be closed for a while.
struct LinkClosing: Codable, Hashable, Sendable {
    static let longestS = 10.0
    static let shares = 1...99
    static let most = 16

    var token: String
    /// Each `HOST:PORT`.
    var ways: [String]
    /// Seconds after which the kernel opens them by itself.
    var seconds: Double
    /// How many packets of a hundred are lost; nil when all are.
    var share: Int?

    /// Why it cannot be done; nil when it can.
    var problem: String? {
        if let problem = Self.problem(withToken: self.token) { return problem }
        if self.ways.isEmpty || self.ways.count > Self.most || self.ways.contains(where: { Way($0) == nil }) {
            return "ways: expected 1 to \(Self.most) texts of the form HOST:PORT"
        }
        if let share, !Self.shares.contains(share) {
            return "share: expected a whole number from \(Self.shares.lowerBound) to \(Self.shares.upperBound), or none"
        }
        guard self.seconds >= 0.5, self.seconds <= Self.longestS else {
            return "seconds: expected a number from 0.5 to \(Self.longestS)"
        }
        return nil
    }

    static func problem(withToken token: String) -> String? {
        guard !token.isEmpty, token.utf8.count <= 64, token.allSatisfy(Self.isPlain) else {
            return "token: expected at most 64 letters, digits and -"
        }
        return nil
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "-")
    }
}

/// Names whose ways are meant.
struct LinkToken: Codable, Hashable, Sendable {
    var token: String
}
