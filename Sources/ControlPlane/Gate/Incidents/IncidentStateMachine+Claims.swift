import OpsModel

/// Who works on an incident, and for how long without a word.
///
/// A claim is a lease: each call with its key begins it anew, and a request that waits counts as one long call. An agent
/// that died falls silent; its claim lapses, and whoever asks next gets a key of their own. What was asked, approved or
/// begun stays as it is.
extension IncidentStateMachine {
    /// Hands the incident to the first agent that asks.
    ///
    /// The first claim also decides what names are drawn from, for the incident's life.
    func claimed(
        by agent: String,
        keyHash: String,
        leaseS: Double = 20,
        renamedBy seed: Int? = nil
    ) throws(GateRefusal) -> IncidentChange {
        try requireOpen()
        guard record.keyHash == nil else {
            throw GateRefusal(.incidentTaken, "another agent works on \(record.incident.id)")
        }
        var change = IncidentChange(record)
        change.record.incident.agent = agent
        change.record.agents = (record.agents ?? []).filter { $0 != agent } + [agent]
        change.record.renameSeed = record.seed(inForce: seed)
        change.record.keyHash = keyHash
        change.record.lease = .init(lengthS: leaseS, ends: now + leaseS)
        if record.incident.state == .open { change.record.incident.state = .diagnosing }
        change.tell("agent.claimed", "\(agent) looks into it")
        return change
    }

    /// The same incident with its lease begun anew, if the key still holds it.
    ///
    /// - Important: Ask this under the row's lock before every word of an agent; a key is also checked when a request comes
    ///   in, and the claim may have lapsed since.
    func held(by keyHash: String) throws(GateRefusal) -> IncidentStateMachine {
        guard record.keyHash == keyHash else { throw lapse }
        var renewed = self
        if let length = record.lease?.lengthS { renewed.record.lease?.ends = now + length }
        return renewed
    }

    /// Takes in a sign of life that says nothing else; nil while the lease is young, so that not every call writes.
    func renewed(by keyHash: String) throws(GateRefusal) -> IncidentChange? {
        let renewed = try held(by: keyHash)
        guard !record.isFinal, let lease = record.lease, lease.ends - now < lease.lengthS * 0.75 else { return nil }
        return IncidentChange(renewed.record)
    }

    /// Takes the incident from an agent that has been silent for its lease; nil when there is nothing to take.
    ///
    /// - Parameter listeningSince: Since when calls could have been heard. Who could not be heard was not silent.
    /// - Returns: The incident without its agent, or nil.
    func released(listeningSince: Timestamp) -> IncidentChange? {
        guard !record.isFinal, let key = record.keyHash else { return nil }
        let length = record.lease?.lengthS ?? 0
        guard now >= max(record.lease?.ends ?? listeningSince, listeningSince + length) else { return nil }
        let agent = record.incident.agent ?? "the agent"
        var change = IncidentChange(record)
        change.record.keyHash = nil
        change.record.lease = nil
        change.record.incident.agent = nil
        change.record.lapsedKeys = ((record.lapsedKeys ?? []) + [key]).suffix(8)
        if record.incident.state == .diagnosing { change.record.incident.state = .open }
        change.tell("agent.released", "\(agent) was silent for \(Int(length)) s; another may take over")
        return change
    }

    private var lapse: GateRefusal {
        GateRefusal(
            .claimLapsed,
            "the claim of this key on \(record.incident.id) has lapsed: its agent was silent for too long",
            hint: "claim the incident again; what was proposed stands"
        )
    }
}
