import OpsModel
import Testing

@testable import ControlPlane

@Suite struct NamedCauseTests {
    private func named(_ diagnoses: [(String, String)], _ escalation: Escalation?) -> Cause? {
        let incident = Incident(id: "inc-1", title: "x", state: .escalated, openedAt: Timestamp(secondsSinceEpoch: 1))
        return Cause(
            namedIn: IncidentDetail(
                incident: incident,
                diagnoses: diagnoses.map {
                    Diagnosis(component: $0.0, mechanism: $0.1, confidence: .high, statement: "x", evidence: [])
                },
                escalation: escalation
            )
        )
    }

    @Test func theLastDiagnosisIsWhatWasHeldToBeTheCause() {
        let twice = [("api", "process-down"), ("db", "lock-contention")]
        #expect(named(twice, nil) == Cause(component: "db", mechanism: "lock-contention"))
        #expect(named(twice, Escalation(reason: "x", component: "cache"))?.component == "db")
    }

    @Test func withoutOneItIsWhereThePersonWasSent() {
        #expect(named([], Escalation(reason: "x", component: "db")) == Cause(component: "db", mechanism: "none"))
        let both = Escalation(reason: "x", component: "db", mechanism: "query-slow")
        #expect(named([], both) == Cause(component: "db", mechanism: "query-slow"))
    }

    @Test func nothingNamedIsNothing() {
        #expect(named([], Escalation(reason: "x")) == nil)
        #expect(named([], nil) == nil)
    }
}
