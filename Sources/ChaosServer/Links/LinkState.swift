/// What the program in an instance's network namespace says of the ways out.
struct LinkState: Codable, Hashable, Sendable {
    /// False once the namespace is no longer the instance's, which has a new one since it was started anew.
    var isCurrent: Bool
    /// The ways that are not as they should be.
    var closed: [ClosedWay]

    private enum CodingKeys: String, CodingKey {
        case isCurrent = "current"
        case closed
    }
}

/// Asks for ways to be closed, or bad in some other way, for a while.
struct LinkClosing: Hashable, Sendable {
    static let longestS = 10.0
    static let most = 16

    var token: String
    /// Each `HOST:PORT`.
    var ways: [String]
    /// Seconds after which they are open by themselves.
    var seconds: Double
    var impairment = Impairment.closed

    /// Why it cannot be done; nil when it can.
    var problem: String? {
        if let problem = Self.problem(withToken: self.token) { return problem }
        if self.ways.isEmpty || self.ways.count > Self.most || self.ways.contains(where: { Way($0) == nil }) {
            return "ways: expected 1 to \(Self.most) texts of the form HOST:PORT"
        }
        if let problem = self.impairment.problem { return problem }
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

extension LinkClosing: Codable {
    private enum CodingKeys: String, CodingKey { case token, ways, seconds }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            token: try members.decode(String.self, forKey: .token),
            ways: try members.decode([String].self, forKey: .ways),
            seconds: try members.decode(Double.self, forKey: .seconds),
            impairment: try Impairment(from: decoder)
        )
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(self.token, forKey: .token)
        try members.encode(self.ways, forKey: .ways)
        try members.encode(self.seconds, forKey: .seconds)
        try self.impairment.encode(to: encoder)
    }
}

/// Names whose ways are meant.
struct LinkToken: Codable, Hashable, Sendable {
    var token: String
}
