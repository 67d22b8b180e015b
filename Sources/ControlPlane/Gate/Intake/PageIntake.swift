import OpsModel

/// Turns pages into incidents: one open incident takes them all.
struct PageIntake: Sendable {
    var store: any GateStore
    var changed: ChangeSignal
    /// How many actions an incident may see; from the topology.
    var actionLimit: Int

    func take(_ pages: [Page]) async throws {
        let autonomy = try await store.policy().autonomy
        for page in pages {
            let now = Timestamp.now()
            try await store.take(
                page,
                opening: {
                    IncidentStateMachine.open(
                        id: $0,
                        page: page,
                        autonomy: autonomy,
                        actionLimit: actionLimit,
                        now: now
                    )
                },
                now: now
            )
        }
        changed.notify()
    }
}
