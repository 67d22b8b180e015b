/// Everything that is wrong with a policy somebody wrote, each with its place.
public struct PolicyProblems: Error, Hashable, Sendable {
    /// One thing that is wrong.
    public struct Problem: Codable, Hashable, Sendable, CustomStringConvertible {
        /// Where, such as `rule_definition.conditions.0.operator`.
        public var path: String
        /// What is wrong there.
        public var message: String

        /// Place and words.
        public var description: String { path.isEmpty ? message : "\(path) \(message)" }
    }

    /// In the order of reading.
    public private(set) var all: [Problem] = []
    private let most = 50

    /// No problem yet.
    public init() {}

    /// Notes a problem; beyond fifty there is nothing more to learn.
    public mutating func add(_ path: String, _ message: String) {
        if all.count < most { all.append(Problem(path: path, message: message)) }
    }

    /// Whether one is known at a place.
    public func concern(_ path: String) -> Bool { all.contains { $0.path == path } }

    /// Throws all of them if there are any.
    public func throwAny() throws(PolicyProblems) {
        if !all.isEmpty { throw self }
    }
}
