public import OpsModel

/// Something a customer does, and when the customer would call it good.
public struct Journey: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// The method, such as `GET` or `POST`.
    public var method: String
    /// Path and query; `{own}` stands for something the customer made.
    public var path: String
    /// The members of the body that the customer sends; texts may hold `{n}`, a number that differs from visit to visit.
    public var send: [String: JSONValue] = [:]
    /// What counts as good.
    public var good: Good
    /// The share of good requests that is promised, 0 to 1.
    public var objective: Double
    /// Its share of all traffic, 0 to 1.
    public var traffic: Double

    /// Method and path in one text.
    public var request: String { "\(method) \(path)" }

    /// What counts as a good answer.
    public struct Good: Hashable, Sendable {
        /// Statuses that are right answers.
        public var status: [Int]
        /// How long the customer is ready to wait.
        public var within: Duration
        /// Conditions on members of the body, by dotted path.
        public var body: [BodyCheck]
        /// A condition on the ledger: `charged_once`.
        public var ledger: String?
    }

    /// A condition on one member of an answer.
    public struct BodyCheck: Hashable, Sendable {
        /// Dotted path, such as `data.0.price_cents`.
        public var path: String
        /// How it is compared.
        public var relation: Condition.Relation
        /// What it is compared with.
        public var value: String
    }
}
