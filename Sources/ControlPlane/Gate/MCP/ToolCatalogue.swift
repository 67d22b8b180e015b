import OpsModel

/// All tools, their arguments made of the vocabularies that every agent shares.
///
/// Only `propose` depends on where it is asked: its steps are the actions that ActionPlane has here, under the names of the
/// session's incident.
enum ToolCatalogue {
    static func tools(actions: [ActionDescription]) -> [Tool] { ToolName.allCases.map { tool($0, actions: actions) } }

    /// One tool; its arguments' names are the same whatever the actions are.
    static func tool(_ name: ToolName, actions: [ActionDescription] = []) -> Tool {
        switch name {
        case .waitForIncident: waitForIncident
        case .incident: incident
        case .read: .read
        case .diagnose: .diagnose
        case .propose: .propose(actions)
        case .outcome: outcome
        case .escalate: .escalate
        }
    }

    private static let waitForIncident = Tool(
        name: .waitForIncident,
        title: "Wait for an incident",
        about: """
            Takes the first incident that nobody works on and binds this session to it; while that one lasts, the same is \
            given again. Answers {"incident": null} when none came in time: call again. The incident has its pages, the \
            system's components, the actions that may be proposed, and what agents before you found and asked. \
            The claim lapses after 20 s without a call (a ping counts): then call this again.
            """,
        input: ToolSchema.object(["wait_s": ToolSchema.wait])
    )

    private static let incident = Tool(
        name: .incident,
        title: "The incident as it stands",
        about: "The session's incident now: state, pages, diagnosis, proposals, and how many actions are left.",
        input: ToolSchema.object([:])
    )

    private static let outcome = Tool(
        name: .outcome,
        title: "Where a proposal stands",
        about: """
            Waits until the proposal has moved on from pending, running or verifying, or the time is up; then ask again. \
            recovered, done, superseded and unknown end the incident. After denied, look again and propose something \
            better; after not_recovered or not_done, look again; otherwise escalate.
            """,
        input: ToolSchema.object(
            ["proposal": ToolSchema.text("its name, pro-…, as propose answered it"), "wait_s": ToolSchema.wait],
            required: ["proposal"]
        )
    )
}

extension ToolSchema {
    /// How long a call may wait for news, in seconds.
    static let waits = 0...25

    fileprivate static let wait = number(waits, "seconds to wait for news; \(waits.upperBound) when left out")
}
