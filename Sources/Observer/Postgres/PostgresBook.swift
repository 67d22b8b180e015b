internal import OpsModel

/// What PostgreSQL says about itself.
struct PostgresBook: Sendable {
    var activity: Sampled<PostgresActivity>?
    var statements = StatementBook()
    var settings = SettingBook()
    var objects = ObjectBook()
    var queue: Sampled<QueueFact>?
    /// Why the queue could not be looked at; nil after it could.
    var queueFailure: String?
    /// Why the last look failed; nil after one that succeeded.
    var failure: Sampled<String>?
}
