import OpsModel

@testable import ControlPlane

/// The gate with its database, its agents and its people.
struct Gate: Sendable {
    /// A command that the worker has in hand.
    struct Errand: Sendable {
        var command: OutboxCommand
        var until: UInt64
        var isCommitted = false
    }

    /// One repair as an agent has planned it.
    struct Draft: Sendable {
        var resource: Int
        var fingerprint: String
        var wish: SignedGrant.Wish
        var epoch: Int
    }

    static let people = ["ann", "bob"]
    /// Short, so that claims and questions lapse within a story.
    static let leaseS = 4.0
    static let questionS = 6.0

    var pid = 0
    // The database.
    var records: [IncidentRecord] = []
    var outbox: [OutboxCommand] = []
    var epoch = 0
    var isFrozen = false
    /// The grants that people have signed.
    var grants: [String: SignedGrant] = [:]
    var drafts: [String: [Draft]] = [:]
    var proposals = 0

    // The process.
    var errand: Errand?
    var listening: Listening?

    // The agent.
    var agent: Int?
    var keys = 0
    var holdsClaim = false

    // What really happened, for the promises.
    /// For how long nobody could be heard.
    var deaf: UInt64 = 0
    var heardAt: (elapsed: UInt64, deaf: UInt64) = (0, 0)
}

extension IncidentRecord {
    /// The end of a command as this incident tells it; nil when it was not ordered here, or has no end.
    func told(of key: String) -> ActionState? {
        for proposal in proposals {
            guard let option = proposal.outcome.option else { continue }
            for (step, end) in proposal.outcome.steps.enumerated() where key == "\(proposal.id)-\(option)-\(step)" {
                return end.state
            }
        }
        return nil
    }
}
