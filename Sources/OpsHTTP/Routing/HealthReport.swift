public import OpsModel

/// How a service is, told by itself.
public struct HealthReport: Codable, Sendable, Hashable {
    /// One thing the service depends on.
    public struct Check: Codable, Sendable, Hashable {
        /// What was looked at.
        public var name: String
        /// Whether it is as it should be.
        public var isHealthy: Bool
        /// What was found, for people.
        public var message: String

        /// Reports on one thing.
        public init(name: String, isHealthy: Bool, message: String = "ok") {
            self.name = name
            self.isHealthy = isHealthy
            self.message = message
        }

        private enum CodingKeys: String, CodingKey {
            case name
            case isHealthy = "healthy"
            case message
        }
    }

    /// Whether the service can do its work now; `/ready` answers 503 otherwise.
    public var isReady: Bool
    /// What was looked at.
    public var checks: [Check]
    /// Further facts.
    public var details: [String: JSONValue]

    /// Reports on a service; without checks it is simply ready.
    public init(isReady: Bool? = nil, checks: [Check] = [], details: [String: JSONValue] = [:]) {
        self.isReady = isReady ?? checks.allSatisfy(\.isHealthy)
        self.checks = checks
        self.details = details
    }

    private enum CodingKeys: String, CodingKey {
        case isReady = "ready"
        case checks
        case details
    }
}
