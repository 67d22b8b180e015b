import OpsModel

/// Decides what becomes of an incident when something happens to it, and does none of it.
///
/// Each function takes the record as it was read under its row lock and gives back the change to commit. None of them
/// sleeps, calls a service or reads a clock, so a test can walk a whole incident in a few lines.
struct IncidentStateMachine: Sendable {
    var record: IncidentRecord
    var now: Timestamp

    /// Begins an incident with its first page.
    static func open(id: String, page: Page, autonomy: Autonomy, actionLimit: Int, now: Timestamp) -> IncidentChange {
        let incident = Incident(id: id, title: page.summary, state: .open, openedAt: now, pages: [page])
        var change = IncidentChange(
            IncidentRecord(incident: incident, autonomy: autonomy, actionsLeft: actionLimit)
        )
        change.tell("incident.opened", page.summary, Self.payload(page))
        return change
    }

    /// Takes in one more notification about a page of this incident.
    ///
    /// Nobody but Observer says that what Observer has paged for is over. When the last page clears while a person is still being asked, the question is void: what it was about is over.
    func paged(_ page: Page) -> IncidentChange {
        var change = IncidentChange(record)
        let known = record.incident.pages.firstIndex {
            $0.fingerprint == page.fingerprint && $0.isWitnessed == page.isWitnessed
        }
        guard known != nil || record.incident.pages.count < RecordBounds.pages else { return leftOut() }
        if let known { change.record.incident.pages[known] = page } else { change.record.incident.pages.append(page) }
        guard known.map({ record.incident.pages[$0].status != page.status }) ?? true else { return change }
        change.tell("page.\(page.status.rawValue)", page.summary, Self.payload(page))
        if Self.isOver(change.record), !record.isFinal { clear(&change) }
        return change
    }

    /// The record is read and written as a whole, so that a flood of alerts must not make it grow; told once.
    private func leftOut() -> IncidentChange {
        var change = IncidentChange(record)
        if record.pagesLeftOut == nil {
            change.tell("page.left_out", "further pages are left out: an incident holds \(RecordBounds.pages)")
        }
        change.record.pagesLeftOut = (record.pagesLeftOut ?? 0) + 1
        return change
    }

    private static func payload(_ page: Page) -> JSONValue {
        var facts: [String: JSONValue] = ["journey": .string(page.journey)]
        facts["component"] = page.component.map { .string($0) }
        return .object(facts)
    }

    /// Ends the incident by hand, whatever its state; an action that was handed on already still tells its end.
    func closed(by person: String, reason: String) -> IncidentChange {
        var change = IncidentChange(record)
        guard !record.isFinal else { return change }
        supersedeOpenQuestions(&change, because: "closed by \(person)")
        abandonAttempt(&change, because: "closed by \(person)")
        finish(&change, as: .escalated)
        change.tell("incident.closed", "closed by \(person): \(reason)", ["by": .string(person)])
        return change
    }

    func requireOpen() throws(GateRefusal) {
        guard !record.isFinal else {
            throw GateRefusal(.incidentClosed, "\(record.incident.id) is \(record.incident.state.rawValue)")
        }
    }

    func finish(_ change: inout IncidentChange, as state: IncidentState) {
        change.record.incident.state = state
        change.record.incident.endedAt = now
    }

    /// Where an incident goes when an attempt came to nothing: to its agent, or to whoever asks next.
    ///
    /// If all pages cleared meanwhile there is nothing left to ask for, and it is over.
    func goOn(_ change: inout IncidentChange) {
        guard !Self.isOver(change.record) else {
            finish(&change, as: .resolved)
            return change.tell("incident.resolved", "all pages have cleared")
        }
        change.record.incident.state = change.record.keyHash == nil ? .open : .diagnosing
    }

    private static func isOver(_ record: IncidentRecord) -> Bool {
        record.incident.pages.allSatisfy { $0.status == .resolved }
    }

    func supersedeOpenQuestions(_ change: inout IncidentChange, because reason: String) {
        voidQuestions(&change, because: reason, proposals: .superseded)
    }

    private func clear(_ change: inout IncidentChange) {
        switch record.incident.state {
        case .acting, .verifying:
            break  // the attempt comes to its end first; what came of it decides
        default:
            supersedeOpenQuestions(&change, because: "the page cleared before a decision")
            finish(&change, as: .resolved)
            change.tell("incident.resolved", "all pages cleared without an action")
        }
    }
}
