import OpsModel
import OpsService

/// Lets time pass for open incidents: questions expire, silent agents lose their claim, repairs are proven or given up.
///
/// What waits of a paused agent is voided here, too, where a gate died before it came to that.
struct IncidentTicker: Service {
    var store: any GateStore
    var changed: ChangeSignal
    var logger: Logger
    /// The journeys over all samples that began at or after a moment.
    var journeys: @Sendable (_ since: Timestamp) async throws -> [JourneyStatus]

    func run() async throws {
        var listening = Listening(from: .now())
        while !Task.isCancelled {
            let now = Timestamp.now()
            listening.look(at: now)
            if !(await tick(now: now, listeningSince: listening.since)) { listening.wasDeaf(at: .now()) }
            try? await Task.sleep(for: .milliseconds(500))  // a cancellation ends the loop above
        }
    }

    /// One pass over the open incidents; says whether it came to its end.
    @discardableResult
    func tick(now: Timestamp, listeningSince: Timestamp) async -> Bool {
        do {
            let open = try await store.openRecords()
            let pauses = open.isEmpty ? [] : try await store.pauses().filter(\.isPaused)
            for record in open {
                for pause in pauses { try await withhold(pause, in: record, now: now) }
                try await release(record, now: now, listeningSince: listeningSince)
                try await expire(record, now: now)
                try await verify(record, now: now)
            }
            return true
        } catch {
            logger.warning("tick failed", ["gate.error": .string("\(error)")])
            return false
        }
    }

    private func release(_ record: IncidentRecord, now: Timestamp, listeningSince: Timestamp) async throws {
        let lapsed: @Sendable (IncidentRecord) -> IncidentChange? = {
            IncidentStateMachine(record: $0, now: now).released(listeningSince: listeningSince)
        }
        guard lapsed(record) != nil else { return }
        try await store.change(record.incident.id, lapsed)
        logger.info("claim lapsed", ["gate.incident": .string(record.incident.id)])
        changed.notify()
    }

    private func withhold(_ pause: AgentPause, in record: IncidentRecord, now: Timestamp) async throws {
        guard IncidentStateMachine(record: record, now: now).paused(pause) != nil else { return }
        try await store.decide(record.incident.id) { record, ground in
            ground.pause(of: pause.principal).flatMap { IncidentStateMachine(record: record, now: now).paused($0) }
        }
        changed.notify()
    }

    private func expire(_ record: IncidentRecord, now: Timestamp) async throws {
        guard IncidentStateMachine(record: record, now: now).ticked() != nil else { return }
        try await store.change(record.incident.id) { IncidentStateMachine(record: $0, now: now).ticked() }
        changed.notify()
    }

    private func verify(_ record: IncidentRecord, now: Timestamp) async throws {
        guard let verification = record.verification else { return }
        let watch = RecoveryWatch(verification: verification)
        let verdict = watch.judge(try await statuses(watch, now), at: now)
        guard verdict != .wait else { return }
        try await store.change(record.incident.id) {
            IncidentStateMachine(record: $0, now: now).verified(verdict == .recovered)
        }
        changed.notify()
    }

    /// An Observer that does not answer proves nothing; only the deadline goes on.
    private func statuses(_ watch: RecoveryWatch, _ now: Timestamp) async throws -> [JourneyStatus] {
        do {
            return try await journeys(watch.windowStart(at: now))
        } catch {
            logger.warning("journeys unread", ["gate.error": .string("\(error)")])
            return []
        }
    }
}
