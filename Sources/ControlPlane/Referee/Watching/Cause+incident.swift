import OpsModel
import OpsSpec

extension Cause {
    /// What an agent held to be the cause in the end: its last diagnosis, or where it sent the person whom it called without one.
    init?(namedIn detail: IncidentDetail) {
        if let diagnosis = detail.diagnoses.last {
            self.init(component: diagnosis.component, mechanism: diagnosis.mechanism)
        } else if let escalation = detail.escalation, let component = escalation.component {
            self.init(component: component, mechanism: escalation.mechanism ?? Mechanism.none.rawValue)
        } else {
            return nil
        }
    }
}
