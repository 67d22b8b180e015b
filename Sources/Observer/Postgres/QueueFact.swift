/// What the declared queue looks like in the database: its jobs, never what they are about.
struct QueueFact: Hashable, Sendable {
    /// One job.
    struct Job: Hashable, Sendable {
        var id: Int
        var kind: String
        var attempts: Int
        /// How long ago it was queued, in seconds.
        var ageS: Double
    }

    /// Jobs that wait.
    var depth: Int
    /// How long the oldest of them has waited, in seconds.
    var oldestS: Double
    /// The job that was tried most often; nil when none was tried that is still there.
    var mostTried: Job?
    /// The job that was begun last, with the seconds since.
    var lastStarted: Job?
}
